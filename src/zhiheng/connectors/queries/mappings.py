"""Mappings, the rows that wait for one, and whom a value may mean."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404
from rapidfuzz import fuzz, process

from zhiheng.access.actor import Actor
from zhiheng.connectors.calc.mapping import Rules, Target, guess, paths_of, read_payload
from zhiheng.connectors.choices import CaseState
from zhiheng.connectors.models import Answer, Feed, Mapping, RawRow, UnmatchedRow
from zhiheng.connectors.policies import MANAGE_CONNECTION, READ_CONNECTION, READ_RAW, all_or_none
from zhiheng.integrations.public import StreamInfo, canonical_streams, stream_by_id
from zhiheng.people.public import NamedPerson, named_persons, persons_by_id
from zhiheng.tenancy.context import current_tenant_id
from zhiheng.tenancy.models import Tenant

SAMPLE = 50
LEAST_ALIKE = 60.0
MOST_PROPOSALS = 5


@dataclass(frozen=True)
class Row:
    """A raw row to be mapped."""

    id: UUID
    key: str
    revision: int
    payload: dict[str, Any]
    is_deleted: bool
    changed_at: Any


@dataclass(frozen=True)
class Proposal:
    """Whom a value may mean; ``score`` up to 100 says how alike the names are."""

    person: NamedPerson
    score: int

    @property
    def likeness(self) -> str:
        """Return the score as it is shown."""
        return f"{self.score}%"


def feed_for_actor(actor: Actor, feed_id: UUID) -> Feed:
    """Return an interface of a connection; 404 when it is not there."""
    mine = all_or_none(actor, READ_CONNECTION)
    found = Feed.objects.filter(mine, id=feed_id).select_related("connection__source").first()
    if found is None:
        raise Http404
    return found


def feed_for_change(actor: Actor, feed_id: UUID) -> Feed:
    """Return an interface whose mapping is to be changed, locked; 404 when it is not there."""
    mine = all_or_none(actor, MANAGE_CONNECTION)
    found = Feed.objects.select_for_update(of=("self",)).filter(mine, id=feed_id).first()
    if found is None:
        raise Http404
    return found


def stream_or_404(stream_id: UUID) -> StreamInfo:
    """Return a stream; 404 when it is not there."""
    try:
        return stream_by_id(stream_id)
    except LookupError:
        raise Http404 from None


def latest_mappings(**of: object) -> list[Mapping]:
    """Return the highest version of each mapping, of a feed or of a connection if given, stopped ones too."""
    rows = Mapping.objects.filter(**of).select_related("feed__connection", "stream")
    return list(rows.order_by("feed_id", "stream_id", "-version").distinct("feed_id", "stream_id"))


def mapping_of(feed_id: UUID, stream_id: UUID) -> Mapping | None:
    """Return the highest version of the mapping of a feed to a stream."""
    return Mapping.objects.filter(feed_id=feed_id, stream_id=stream_id).order_by("-version").first()


def versions_of(feed_id: UUID, stream_id: UUID) -> QuerySet[Mapping]:
    """Return all versions of a mapping that the actor was allowed to see, latest first."""
    return Mapping.objects.filter(feed_id=feed_id, stream_id=stream_id).order_by("-version")


def targets_of(stream: StreamInfo) -> list[Target]:
    """Return the fields of a stream as targets, with the names that systems give them."""
    canonical = canonical_streams().get(stream.code)
    aliases = {each.name: each.aliases for each in canonical.fields} if canonical else {}
    needed = {*stream.key_fields, stream.occurred_field}
    if stream.subject_field and stream.legal_entity_id is None:
        needed.add(stream.subject_field)
    return [
        Target(
            each.name, each.label, each.kind, each.places, each.name in needed,
            each.name == stream.subject_field, aliases.get(each.name, ()),
        )
        for each in stream.fields
    ]  # fmt: skip


# --- Rows -------------------------------------------------------------------------------------------------------

_COLUMNS = ("id", "key", "revision", "text", "is_deleted", "changed_at")


def _rows(found: QuerySet[RawRow]) -> list[Row]:
    # As text: the numbers that the JSON decoder of the driver gives are floats.
    values = found.annotate(text=Cast("payload", TextField())).values_list(*_COLUMNS)
    return [Row(*row[:3], read_payload(row[3]), *row[4:]) for row in values]


def _after(mapping: Mapping) -> Q:
    if mapping.done_until is None:
        return Q()
    later = Q(changed_at__gt=mapping.done_until)
    return later | Q(changed_at=mapping.done_until, id__gt=mapping.done_id)


def rows_after(mapping: Mapping, limit: int) -> list[Row]:
    """Return the next rows that a mapping has not seen, oldest change first."""
    found = RawRow.objects.filter(_after(mapping), feed_id=mapping.feed_id).order_by("changed_at", "id")
    return _rows(found[:limit])


def waiting_count(mapping: Mapping) -> int:
    """Count the rows that a mapping has not seen."""
    return RawRow.objects.filter(_after(mapping), feed_id=mapping.feed_id).count()


def rows_with_ids(row_ids: Collection[UUID]) -> list[Row]:
    """Return rows by their ids."""
    return _rows(RawRow.objects.filter(id__in=list(row_ids)).order_by("changed_at", "id"))


def newest_rows(feed_id: UUID, limit: int = SAMPLE) -> list[Row]:
    """Return the rows of a feed that changed last."""
    found = RawRow.objects.filter(feed_id=feed_id, is_deleted=False).order_by("-changed_at", "-id")
    return _rows(found[:limit])


def feed_paths(feed_id: UUID) -> dict[str, str]:
    """Return the paths to values in the newest rows of a feed, each with an example."""
    return paths_of(row.payload for row in newest_rows(feed_id))


def guessed_rules(feed_id: UUID, stream: StreamInfo) -> Rules:
    """Return rules that the names of fields suggest."""
    return guess(targets_of(stream), feed_paths(feed_id))


def zone_of_tenant() -> ZoneInfo:
    """Return the zone whose days count."""
    return ZoneInfo(Tenant.objects.values_list("time_zone", flat=True).get(id=current_tenant_id()))


# --- People -----------------------------------------------------------------------------------------------------


class People:
    """Whom the values of a connection mean. Made once, asked for many rows."""

    def __init__(self, connection_id: UUID) -> None:
        self._answers = dict(
            Answer.objects.filter(connection_id=connection_id).values_list("value", "person_id")
        )
        self._known: dict[str, str | None] = {}

    @cached_property
    def persons(self) -> list[NamedPerson]:
        """Everybody, present and former."""
        return named_persons()

    @cached_property
    def _answered(self) -> dict[str, str]:
        found = persons_by_id(set(self._answers.values()))
        return {value: found[person].number for value, person in self._answers.items() if person in found}

    @cached_property
    def _by_name(self) -> list[dict[str, str | None]]:
        """Employee numbers by number, e-mail, and names of present and former people; None where several have one."""
        numbers: dict[str, str | None] = {}
        mails: dict[str, str | None] = {}
        present: dict[str, str | None] = {}
        former: dict[str, str | None] = {}
        for each in self.persons:
            named = present if each.is_present else former
            for words, word in ((numbers, each.number), (mails, each.email), (named, each.name)):
                if word:
                    words[word.casefold()] = None if word.casefold() in words else each.number
        return [numbers, mails, present, former]

    def number_of(self, text: str) -> str | None:
        """Return the employee number of whom a text means: as answered, else by number, e-mail or unique name."""
        if text not in self._known:
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> str | None:
        if text in self._answered:
            return self._answered[text]
        word = text.strip().casefold()
        for words in self._by_name:
            if word in words:
                return words[word]
        return None

    def likely(self, text: str) -> list[Proposal]:
        """Return whom a text may mean, best first: by names, pinyin and initials that are alike."""
        word = text.strip().casefold()
        if not word:
            return []
        names = process.extract(
            word, [each.name.casefold() for each in self.persons], scorer=fuzz.WRatio, limit=MOST_PROPOSALS
        )
        words = process.extract(
            word,
            [each.words.casefold() for each in self.persons],
            scorer=fuzz.partial_ratio,
            limit=MOST_PROPOSALS,
        )
        best: dict[int, float] = {}
        for _name, score, at in [*names, *words]:
            best[at] = max(score, best.get(at, 0.0))
        ranked = sorted(
            best.items(), key=lambda each: (-each[1], not self.persons[each[0]].is_present, each[0])
        )
        return [
            Proposal(self.persons[at], round(score))
            for at, score in ranked[:MOST_PROPOSALS]
            if score >= LEAST_ALIKE
        ]


# --- Rows that wait ---------------------------------------------------------------------------------------------


def cases_for_actor(actor: Actor) -> QuerySet[UnmatchedRow]:
    """Return the rows that became no record, of all states."""
    mine = all_or_none(actor, READ_RAW)
    return UnmatchedRow.objects.filter(mine).select_related("feed__connection__source", "stream", "row")


def case_for_actor(actor: Actor, case_id: UUID) -> UnmatchedRow:
    """Return one; 404 when it is not there."""
    found = cases_for_actor(actor).filter(id=case_id).first()
    if found is None:
        raise Http404
    return found


def case_for_change(actor: Actor, case_id: UUID) -> UnmatchedRow:
    """Return one that is to be solved; 404 when it is not there."""
    mine = all_or_none(actor, MANAGE_CONNECTION)
    found = UnmatchedRow.objects.filter(mine, id=case_id).select_related("feed").first()
    if found is None:
        raise Http404
    return found


def same_cases(case: UnmatchedRow) -> QuerySet[UnmatchedRow]:
    """Return the open cases of the same connection that wait for the same, the case itself too."""
    alike = UnmatchedRow.objects.filter(
        feed__connection_id=case.feed.connection_id,
        problem=case.problem,
        value=case.value,
        state=CaseState.OPEN,
    )
    return (
        alike
        if case.value
        else alike.filter(feed_id=case.feed_id, stream_id=case.stream_id, field=case.field)
    )


def open_counts(feed_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], int]:
    """Return how many rows wait, by feed and stream."""
    rows = UnmatchedRow.objects.filter(feed_id__in=list(feed_ids), state=CaseState.OPEN)
    counted = rows.values_list("feed_id", "stream_id").annotate(count=Count("id")).order_by()
    return {(feed, stream): count for feed, stream, count in counted}


def open_row_ids(mapping: Mapping, value: str | None, limit: int) -> Iterator[list[UUID]]:
    """Return the rows of a mapping's open cases, of one value if given, in portions; none twice."""
    rows = UnmatchedRow.objects.filter(
        feed_id=mapping.feed_id, stream_id=mapping.stream_id, state=CaseState.OPEN
    )
    if value is not None:
        rows = rows.filter(value=value)
    last: UUID | None = None
    while portion := list((rows.filter(id__gt=last) if last else rows).order_by("id")[:limit]):
        last = portion[-1].id
        yield [each.row_id for each in portion]
