"""What other domains use of integrations."""

from __future__ import annotations

from zhiheng.integrations.policies import READ_RECORD
from zhiheng.integrations.queries.employees import place_employees
from zhiheng.integrations.queries.records import (
    ChangeInfo,
    RecordRow,
    earlier_values,
    latest_occurred_on,
    pending_changes,
    record_frame,
    record_rows,
    records_for_actor,
    records_with_ids,
)
from zhiheng.integrations.queries.streams import (
    StreamField,
    StreamInfo,
    all_streams,
    stream_by_code,
    stream_by_id,
)
from zhiheng.integrations.services.facts import Fact, put_records
from zhiheng.integrations.services.records import begin_adding_facts, forget_changes, freeze_facts
from zhiheng.integrations.services.streams import create_source, ensure_stream, rename_source

__all__ = [
    "READ_RECORD",
    "ChangeInfo",
    "Fact",
    "RecordRow",
    "StreamField",
    "StreamInfo",
    "all_streams",
    "begin_adding_facts",
    "create_source",
    "earlier_values",
    "ensure_stream",
    "forget_changes",
    "freeze_facts",
    "latest_occurred_on",
    "pending_changes",
    "place_employees",
    "put_records",
    "record_frame",
    "record_rows",
    "records_for_actor",
    "records_with_ids",
    "rename_source",
    "stream_by_code",
    "stream_by_id",
]
