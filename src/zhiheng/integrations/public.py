"""What other domains use of integrations."""

from __future__ import annotations

from zhiheng.integrations.calc.payload import record_key
from zhiheng.integrations.canonical import CanonicalField, CanonicalStream, canonical_streams
from zhiheng.integrations.choices import FieldKind
from zhiheng.integrations.policies import READ_RECORD
from zhiheng.integrations.queries.employees import place_employees
from zhiheng.integrations.queries.records import (
    ChangeInfo,
    RecordRow,
    earlier_values,
    latest_occurred_on,
    origins_of_keys,
    pending_changes,
    record_frame,
    record_rows,
    records_for_actor,
    records_of_origin,
    records_with_ids,
)
from zhiheng.integrations.queries.streams import (
    StreamField,
    StreamInfo,
    all_streams,
    stream_by_code,
    stream_by_id,
)
from zhiheng.integrations.services.facts import Fact, facts_of_nobody, put_records
from zhiheng.integrations.services.records import begin_adding_facts, forget_changes, freeze_facts
from zhiheng.integrations.services.streams import create_source, create_stream, ensure_stream, rename_source

__all__ = [
    "READ_RECORD",
    "CanonicalField",
    "CanonicalStream",
    "ChangeInfo",
    "Fact",
    "FieldKind",
    "RecordRow",
    "StreamField",
    "StreamInfo",
    "all_streams",
    "begin_adding_facts",
    "canonical_streams",
    "create_source",
    "create_stream",
    "earlier_values",
    "ensure_stream",
    "facts_of_nobody",
    "forget_changes",
    "freeze_facts",
    "latest_occurred_on",
    "origins_of_keys",
    "pending_changes",
    "place_employees",
    "put_records",
    "record_frame",
    "record_key",
    "record_rows",
    "records_for_actor",
    "records_of_origin",
    "records_with_ids",
    "rename_source",
    "stream_by_code",
    "stream_by_id",
]
