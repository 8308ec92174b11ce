"""Sources and streams."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.integrations.choices import FieldKind
from zhiheng.integrations.models import Source, Stream
from zhiheng.integrations.policies import READ_SOURCE
from zhiheng.tenancy.naming import in_reader_language


@dataclass(frozen=True)
class StreamField:
    """A field that a stream declares; ``places`` counts the decimals of a decimal one."""

    name: str
    label: str
    kind: str = FieldKind.TEXT
    places: int = 4
    label_en: str = ""

    @property
    def shown(self) -> str:
        """Return the label in the reader's language."""
        return in_reader_language(self.label, self.label_en)


@dataclass(frozen=True)
class StreamInfo:
    """A stream as other domains see it."""

    id: UUID
    code: str
    name: str
    name_en: str
    key_fields: tuple[str, ...]
    occurred_field: str
    subject_field: str
    legal_entity_id: UUID | None = None
    fields: tuple[StreamField, ...] = ()

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return in_reader_language(self.name, self.name_en)

    def field(self, name: str) -> StreamField | None:
        """Return the field called ``name``, or None."""
        return next((each for each in self.fields if each.name == name), None)


def stream_info(stream: Stream) -> StreamInfo:
    """Return a stream as other domains see it."""
    fields = tuple(StreamField(**{"label": each["name"], **each}) for each in stream.fields)
    return StreamInfo(
        stream.id, stream.code, stream.name, stream.name_en, tuple(stream.key_fields),
        stream.occurred_field, stream.subject_field, stream.default_legal_entity_id, fields,
    )  # fmt: skip


def stream_by_code(code: str) -> StreamInfo:
    """Return the stream called ``code``; LookupError when there is none."""
    stream = Stream.objects.filter(code=code).first()
    if stream is None:
        raise LookupError(code)
    return stream_info(stream)


def stream_by_id(stream_id: UUID) -> StreamInfo:
    """Return a stream; LookupError when there is none."""
    stream = Stream.objects.filter(id=stream_id).first()
    if stream is None:
        raise LookupError(stream_id)
    return stream_info(stream)


def all_streams() -> list[StreamInfo]:
    """Return every stream in use, by code."""
    return [stream_info(each) for each in Stream.objects.filter(is_active=True)]


def sources_for_actor(actor: Actor) -> QuerySet[Source]:
    """Return the sources that the actor may see."""
    actor.scope(READ_SOURCE)
    return Source.objects.all()


def streams_for_actor(actor: Actor) -> QuerySet[Stream]:
    """Return the streams that the actor may see, with how many rows arrived and when the last one did."""
    actor.scope(READ_SOURCE)
    counted = Stream.objects.select_related("source")
    return counted.annotate(revisions=Count("records"), last_received_at=Max("records__received_at"))


def stream_for_actor(actor: Actor, stream_id: UUID) -> Stream:
    """Return a stream; 404 when it is not there."""
    actor.scope(READ_SOURCE)
    stream = Stream.objects.select_related("source").filter(id=stream_id).first()
    if stream is None:
        raise Http404
    return stream
