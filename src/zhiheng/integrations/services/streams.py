"""Declaring sources and streams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.integrations.choices import FieldKind, SourceKind
from zhiheng.integrations.models import Source, Stream
from zhiheng.integrations.policies import MANAGE_SOURCE


def create_source(
    *, actor: Actor, code: str, name: str, name_en: str = "", kind: str = SourceKind.FILE
) -> UUID:
    """Declare where data come from; ValidationError for a code in use."""
    actor.scope(MANAGE_SOURCE)
    source = Source(code=code, name=name, name_en=name_en, kind=kind)
    source.full_clean()
    source.save(force_insert=True)
    record(
        actor,
        "integrations.source.create",
        subject=("integrations.source", source.id),
        payload={"code": code},
    )
    return source.id


def rename_source(*, actor: Actor, source_id: UUID, name: str) -> None:
    """Give a source another name; ValidationError for one that cannot be."""
    actor.scope(MANAGE_SOURCE)
    source = Source.objects.get(id=source_id)
    if source.name == name:
        return
    source.name = name
    source.full_clean()
    source.save(update_fields=["name"])
    record(actor, "integrations.source.rename", subject=("integrations.source", source.id), payload={})


def create_stream(
    *,
    actor: Actor,
    source_id: UUID,
    code: str,
    name: str,
    fields: Sequence[Mapping[str, object]],
    key_fields: Sequence[str],
    occurred_field: str,
    subject_field: str = "",
    name_en: str = "",
    legal_entity_id: UUID | None = None,
) -> UUID:
    """Declare one kind of row of a source; ValidationError says what is wrong with the declaration.

    Without ``subject_field`` the rows are nobody's and need ``legal_entity_id``.
    """
    actor.scope(MANAGE_SOURCE)
    declared = [_clean_field(each) for each in fields]
    _check_names(declared, [*key_fields, occurred_field, *([subject_field] if subject_field else [])])
    if not key_fields:
        raise ValidationError(_("请至少指定一个主键字段。"), code="no_key")
    if next(each for each in declared if each["name"] == occurred_field)["kind"] != FieldKind.DATE:
        raise ValidationError(_("发生日期字段的类型必须是日期。"), code="not_a_date")
    if not subject_field and legal_entity_id is None:
        raise ValidationError(_("没有员工字段的数据流必须指定法人实体。"), code="no_legal_entity")
    stream = Stream(
        source_id=source_id, code=code, name=name, name_en=name_en, fields=declared,
        key_fields=list(key_fields), occurred_field=occurred_field, subject_field=subject_field,
        default_legal_entity_id=legal_entity_id,
    )  # fmt: skip
    stream.full_clean()
    stream.save(force_insert=True)
    payload = {"code": code, "fields": [each["name"] for each in declared]}
    record(actor, "integrations.stream.create", subject=("integrations.stream", stream.id), payload=payload)
    return stream.id


def _clean_field(declared: Mapping[str, object]) -> dict[str, object]:
    name = str(declared.get("name", "")).strip()
    kind = str(declared.get("kind", FieldKind.TEXT))
    if not name or kind not in FieldKind.values:
        raise ValidationError(_("字段「{name}」的声明有误。").format(name=name), code="bad_field")
    return {
        "name": name,
        "label": str(declared.get("label") or name),
        "label_en": str(declared.get("label_en") or ""),
        "kind": kind,
        "places": int(str(declared.get("places", 4))),
    }


def _check_names(declared: Sequence[Mapping[str, object]], used: Sequence[str]) -> None:
    names = [each["name"] for each in declared]
    if len(set(names)) < len(names):
        raise ValidationError(_("字段名称不能重复。"), code="field_twice")
    if missing := [name for name in used if name not in names]:
        raise ValidationError(_("没有声明字段「{name}」。").format(name=missing[0]), code="unknown_field")


def ensure_stream(
    *, actor: Actor, source_code: str, source_name: str, source_name_en: str, code: str, **declaration: Any
) -> UUID:
    """Return the stream called ``code``, declaring it and its internal source where they are missing.

    ``declaration`` is what `create_stream` takes. For streams that a domain of the product fills itself.
    """
    actor.scope(MANAGE_SOURCE)
    stream = Stream.objects.filter(code=code).first()
    if stream is not None:
        return stream.id
    source = Source.objects.filter(code=source_code).first()
    source_id = (
        source.id
        if source
        else create_source(
            actor=actor, code=source_code, name=source_name, name_en=source_name_en, kind=SourceKind.INTERNAL
        )
    )
    return create_stream(actor=actor, source_id=source_id, code=code, **declaration)
