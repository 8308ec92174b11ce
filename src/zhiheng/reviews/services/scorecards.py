"""Writing scorecards: a formula in the company's own words, checked before it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.calckit.formula import FormulaError, FormulaSet
from zhiheng.metrics.public import all_metrics, formula_message
from zhiheng.reviews.calc.assess import SCORE, digest, parse_scorecard
from zhiheng.reviews.choices import InputSource
from zhiheng.reviews.models import Scorecard, ScorecardVersion
from zhiheng.reviews.policies import MANAGE_SCORECARD

Declared = Sequence[Mapping[str, str]]


def create_scorecard(
    *,
    actor: Actor,
    code: str,
    name: str,
    formula: str,
    inputs: Declared,
    derived: Declared = (),
    name_en: str = "",
    places: int = 4,
    applies_to: Mapping[str, Sequence[object]] | None = None,
) -> UUID:
    """Create a scorecard; ValidationError says what is wrong, pointing at the character of a formula.

    For ``inputs``, ``derived`` and ``applies_to`` see `ScorecardVersion`.
    """
    actor.scope(MANAGE_SCORECARD)
    check_scorecard(formula=formula, inputs=inputs, derived=derived)
    scorecard = Scorecard(code=code, name=name, name_en=name_en)
    scorecard.full_clean()
    scorecard.save(force_insert=True)
    version = _add_version(actor, scorecard, formula, places, inputs, derived, applies_to)
    payload = {"code": code, "formula": formula, "definition": version.definition_hash}
    record(actor, "reviews.scorecard.create", subject=("reviews.scorecard", scorecard.id), payload=payload)
    return scorecard.id


def redefine_scorecard(
    *,
    actor: Actor,
    scorecard_id: UUID,
    formula: str,
    inputs: Declared,
    derived: Declared = (),
    places: int = 4,
    applies_to: Mapping[str, Sequence[object]] | None = None,
) -> int:
    """Give a scorecard a new version and return its number; the same again changes nothing.

    Cycles keep the version that they were opened with.
    """
    actor.scope(MANAGE_SCORECARD)
    scorecard = Scorecard.objects.select_for_update().get(id=scorecard_id)
    check_scorecard(formula=formula, inputs=inputs, derived=derived)
    current = ScorecardVersion.objects.get(scorecard=scorecard, version=scorecard.current_version)
    applies = _plain_applies(applies_to) if applies_to is not None else current.applies_to
    if current.definition_hash == _hash(formula, places, inputs, derived, applies):
        return scorecard.current_version
    scorecard.current_version += 1
    scorecard.save(update_fields=["current_version"])
    version = _add_version(actor, scorecard, formula, places, inputs, derived, applies)
    payload = {"version": version.version, "formula": formula, "definition": version.definition_hash}
    record(actor, "reviews.scorecard.redefine", subject=("reviews.scorecard", scorecard.id), payload=payload)
    return version.version


def _add_version(actor, scorecard, formula, places, inputs, derived, applies_to) -> ScorecardVersion:
    applies = _plain_applies(applies_to)
    return ScorecardVersion.objects.create(
        scorecard=scorecard,
        version=scorecard.current_version,
        formula=formula,
        places=places,
        inputs=[_plain_input(each) for each in inputs],
        derived=[{"name": each["name"], "formula": each["formula"]} for each in derived],
        applies_to=applies,
        definition_hash=_hash(formula, places, inputs, derived, applies),
        created_at=timezone.now(),
        created_by=actor.name,
    )


def _plain_input(declared: Mapping[str, str]) -> dict[str, str]:
    return {key: str(declared[key]) for key in ("name", "source", "code")}


def _plain_applies(applies_to: Mapping[str, Sequence[object]] | None) -> dict[str, list[str]]:
    given = applies_to or {}
    return {
        key: sorted(str(each) for each in given.get(key, ())) for key in ("positions", "org_units", "persons")
    }


def _hash(formula, places, inputs, derived, applies_to) -> str:
    steps = [[each["name"], each["formula"]] for each in derived]
    return digest([formula, places, [_plain_input(each) for each in inputs], steps, applies_to])


def check_scorecard(*, formula: str, inputs: Declared, derived: Declared = ()) -> FormulaSet:
    """Return the formulas, or raise ValidationError with a sentence; its cause may be a FormulaError."""
    names = [each["name"] for each in inputs] + [each["name"] for each in derived]
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise ValidationError({"inputs": _("名称「{name}」用了不止一次。").format(name=twice[0])})
    if SCORE in names:
        raise ValidationError({"inputs": _("名称「{name}」留给最终结果，请换一个。").format(name=SCORE)})
    metrics = all_metrics()
    for each in inputs:
        if each["source"] not in InputSource.values or each["code"] not in metrics:
            raise ValidationError({"inputs": _("没有编码为「{code}」的指标。").format(code=each["code"])})
    texts = {each["name"]: each["formula"] for each in derived}
    try:
        return parse_scorecard(formula, texts, [each["name"] for each in inputs])
    except FormulaError as error:
        where = error.problem.formula
        is_step = where in texts
        text = formula_message(error)
        message = _("派生项「{name}」{message}").format(name=where, message=text) if is_step else text
        raise ValidationError({"derived" if is_step else "formula": message}) from error
