"""Pages of persons: the list, the profile, hiring, transfers, leaving, identifiers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.http import requires
from zhiheng.people import services
from zhiheng.people.choices import IdentifierKind, PersonStatus
from zhiheng.people.forms import (
    CorrectForm,
    HireForm,
    IdentifierForm,
    LeaveForm,
    PersonForm,
    RehireForm,
    RevealForm,
    TransferForm,
    units,
)
from zhiheng.people.policies import (
    EXPORT_PERSON,
    READ_IDENTIFIER,
    READ_PERSON,
    REVEAL_IDENTIFIER,
    WRITE_PERSON,
)
from zhiheng.people.queries.activity import activity_of_person, can_see_activity
from zhiheng.people.queries.history import assignment_of_person, history_of_person, identifiers_of_person
from zhiheng.people.queries.org_units import legal_entities_for_actor, positions_for_actor
from zhiheng.people.queries.persons import (
    PersonFilter,
    person_for_actor,
    persons_as_of,
    persons_for_actor,
    search_persons,
)
from zhiheng.people.services.exports import record_export
from zhiheng.people.views.forms_page import form_page
from zhiheng.webkit.lists import ChoiceFilter, Column, DateFilter, ListPage

TAGS = {
    PersonStatus.ACTIVE.value: ("ok", PersonStatus.ACTIVE.label),
    PersonStatus.PROBATION.value: ("info", PersonStatus.PROBATION.label),
    PersonStatus.UPCOMING.value: ("warn", PersonStatus.UPCOMING.label),
    PersonStatus.LEFT.value: ("", PersonStatus.LEFT.label),
}


def _as_is(rows, value):
    """The value already shaped the rows."""
    return rows


class PersonList(ListPage):
    """Employees, today or as of a day."""

    key = "people.person"
    title = gettext_lazy("员工")
    template_name = "people/person_list.html"
    columns = [
        Column("name", gettext_lazy("员工"), sort="name", template="people/_name_cell.html", is_fixed=True),
        Column("number", gettext_lazy("工号"), sort="number", is_default=False),
        Column("unit", gettext_lazy("部门"), value="unit_name", sort="unit_name"),
        Column("position", gettext_lazy("职位"), value="position_name", sort="position_name"),
        Column("manager", gettext_lazy("直接上级"), value="manager_name", sort="manager_name"),
        Column("entity", gettext_lazy("法人实体"), value="entity_name", sort="entity_name", is_default=False),
        Column("email", gettext_lazy("工作邮箱"), sort="email", is_default=False),
        Column("since", gettext_lazy("入职日期"), sort="since", kind="date"),
        Column("left_on", gettext_lazy("离职日期"), sort="left_on", kind="date", is_default=False),
        Column("state", gettext_lazy("状态"), sort="state", tags=TAGS),
    ]
    filters = [
        ChoiceFilter("unit", gettext_lazy("部门"), choices=lambda page: units(page.actor)[1:], apply=_as_is),
        ChoiceFilter(
            "position", gettext_lazy("职位"), apply=_as_is,
            choices=lambda page: positions_for_actor(page.actor).values_list("id", "name"),
        ),
        ChoiceFilter(
            "entity", gettext_lazy("法人实体"), apply=_as_is,
            choices=lambda page: legal_entities_for_actor(page.actor).values_list("id", "name"),
        ),
        DateFilter("on", gettext_lazy("截至日期"), apply=_as_is),
        ChoiceFilter("state", gettext_lazy("状态"), choices=PersonStatus.choices, is_segmented=True, apply=_as_is),
    ]  # fmt: skip
    search_fields = ["search_text"]
    search_label = gettext_lazy("姓名 / 拼音 / 工号 / 邮箱")
    default_sort = "number"
    total_label = gettext_lazy("共 {count} 人")
    empty_icon = "users"
    empty_title = gettext_lazy("还没有员工")
    empty_text = gettext_lazy("导入花名册，或逐个办理入职。")

    def __init__(self, request: HttpRequest, **options: object) -> None:
        super().__init__(request, **options)
        self.can_export = self.actor.can(EXPORT_PERSON)
        if self.actor.can(WRITE_PERSON):
            self.empty_action = (_("办理入职"), reverse("people:person_hire"))

    @property
    def on(self) -> date | None:
        """Return the day the list shows, ``None`` for today as it stands."""
        return next(value for each, value in self.bound_filters if each.name == "on")

    @property
    def sub(self) -> str:
        """Say which day the list is about."""
        return _("%(day)s 当天在职的人员") % {"day": self.on} if self.on else ""

    def rows(self):
        values = {each.name: value for each, value in self.bound_filters}
        filters = PersonFilter(
            status=values["state"] or "", org_unit_id=values["unit"], position_id=values["position"],
            legal_entity_id=values["entity"],
        )  # fmt: skip
        permission = EXPORT_PERSON if self.request.GET.get("export") else READ_PERSON
        if self.on:
            return persons_as_of(self.actor, self.on, filters, permission=permission)
        return persons_for_actor(self.actor, filters, permission=permission)

    def search(self, rows, text: str):
        return search_persons(rows, text)

    def on_export(self, file_format: str, count: int) -> None:
        record_export(actor=self.actor, file_format=file_format, count=count)

    def extra_context(self) -> dict[str, object]:
        return {"can_write": self.actor.can(WRITE_PERSON)}


@requires(READ_PERSON)
def person_list(request: HttpRequest) -> HttpResponseBase:
    """List the persons in the actor's scope."""
    return PersonList(request).response()


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("员工"), reverse("people:person_list")), *more]


def _page_of(person) -> str:
    return reverse("people:person_detail", args=[person.id])


@requires(READ_PERSON)
def person_detail(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show one person: profile, history, identifiers, activity."""
    actor = request.actor
    person = person_for_actor(actor, person_id)
    known = {"profile": _("资料"), "history": _("任职经历")}
    if actor.can(READ_IDENTIFIER):
        known["identifiers"] = _("个人标识")
    if can_see_activity(actor):
        known["activity"] = _("操作记录")
    tab = request.GET.get("tab", "")
    tab = tab if tab in known else "profile"
    context = {
        "person": person,
        "tag": TAGS[person.status],
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"?tab={key}", "current": key == tab} for key, label in known.items()
        ],
        "crumbs": _crumbs((person.name, None)),
        "can_write": _is_in(actor, WRITE_PERSON, person),
        "can_reveal": actor.can(REVEAL_IDENTIFIER),
        "has_left": person.status == PersonStatus.LEFT,
        "can_see_manager": person.manager and _is_in(actor, READ_PERSON, person.manager),
    }
    if tab == "history":
        context["spells"] = history_of_person(actor, person.id, timezone.localdate())
    elif tab == "identifiers":
        context["identifiers"] = identifiers_of_person(actor, person.id)
    elif tab == "activity":
        context["acts"] = activity_of_person(actor, person.id)
    return render(request, "people/person_detail.html", context)


def _is_in(actor, permission, person) -> bool:
    return actor.can(permission) and actor.scope(permission).has(
        person_id=person.id, org_unit_id=person.org_unit_id, legal_entity_id=person.legal_entity_id
    )


@requires(WRITE_PERSON)
def person_hire(request: HttpRequest) -> HttpResponse:
    """Take somebody on."""
    return form_page(
        request, HireForm, title=_("办理入职"), submit=_("办理入职"), cancel=reverse("people:person_list"),
        act=lambda values: services.hire_person(actor=request.actor, **values), done=_("入职已办理。"),
        go_to=_page_of, initial={"hired_on": timezone.localdate(), "org_unit": request.GET.get("unit", "")},
        crumbs=_crumbs(),
    )  # fmt: skip


def _person_form(
    request: HttpRequest, person_id: UUID, make_form, service, initial=None, **more: str
) -> HttpResponse:
    """Show a form about one person and carry it out by ``service``."""
    person = person_for_actor(request.actor, person_id, permission=WRITE_PERSON)
    page = _page_of(person)
    return form_page(
        request, make_form, cancel=page,
        act=lambda values: service(actor=request.actor, person_id=person.id, **values),
        initial=initial(person) if initial else None, crumbs=_crumbs((person.name, page)),
        **{key: text % {"name": person.name} for key, text in more.items()},
    )  # fmt: skip


def _place(person) -> dict[str, object]:
    """Return the present place as a form shows it."""
    return {
        "org_unit": str(person.org_unit_id or ""),
        "position": str(person.position_id or ""),
        "manager": person.manager.employee_number if person.manager else "",
    }


@requires(WRITE_PERSON)
def person_edit(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Change a person's own data."""
    return _person_form(
        request, person_id, PersonForm, services.update_person, title=_("修改资料"), submit=_("保存"),
        done=_("资料已保存。"),
        initial=lambda person: {
            name: getattr(person, name) for name in ("name", "gender", "birth_on", "email")
        },
    )  # fmt: skip


@requires(WRITE_PERSON)
def person_transfer(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Move a person to another place from a day on."""
    return _person_form(
        request, person_id, TransferForm, services.transfer_person, title=_("办理调动"), submit=_("办理调动"),
        done=_("调动已办理。"), note=_("选择另一法人实体的部门时，原任职在前一天结束，工龄连续计算。"),
        initial=lambda person: {**_place(person), "from_on": timezone.localdate()},
    )  # fmt: skip


@requires(WRITE_PERSON)
def person_leave(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """End a person's employment."""
    return _person_form(
        request, person_id, LeaveForm, services.end_employment, title=_("办理离职"), submit=_("办理离职"),
        done=_("离职已办理。"), ask=_("为 %(name)s 办理离职？最后工作日之后已安排的调动会一并取消。"),
        initial=lambda person: {"last_on": timezone.localdate()},
    )  # fmt: skip


@requires(WRITE_PERSON)
def person_rehire(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Take a person on again."""
    return _person_form(
        request, person_id, RehireForm, services.rehire_person, title=_("办理再入职"), submit=_("办理再入职"),
        done=_("再入职已办理。"),
        initial=lambda person: {
            **_place(person), "employee_number": person.employee_number, "hired_on": timezone.localdate(),
        },
    )  # fmt: skip


@requires(WRITE_PERSON)
def assignment_correct(request: HttpRequest, person_id: UUID, assignment_id: UUID) -> HttpResponse:
    """Put an assignment right."""
    row = assignment_of_person(request.actor, person_id, assignment_id)
    return _person_form(
        request, person_id, CorrectForm,
        lambda **values: services.correct_assignment(assignment_id=assignment_id, **values),
        title=_("更正岗位安排"), submit=_("保存更正"), done=_("岗位安排已更正。"),
        note=_("更正会改变历史；若只是从某天起有变化，请使用调动。"), initial=lambda person: row,
    )  # fmt: skip


@requires(WRITE_PERSON)
def identifier_set(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Keep an identifier, or remove one."""
    return _person_form(
        request, person_id, IdentifierForm, services.set_identifier, title=_("修改个人标识"), submit=_("保存"),
        done=_("个人标识已保存。"), initial=lambda person: {"kind": request.GET.get("kind", "")},
    )  # fmt: skip


@requires(REVEAL_IDENTIFIER)
def identifier_reveal(request: HttpRequest, person_id: UUID, kind: str) -> HttpResponse:
    """Ask why, then show an identifier in plain; the answer is never cached."""
    person = person_for_actor(request.actor, person_id, permission=REVEAL_IDENTIFIER)
    if kind not in IdentifierKind.values:
        raise Http404
    form, plain = RevealForm(request.POST or None, actor=request.actor), ""
    if request.method == "POST" and form.is_valid():
        try:
            plain = services.reveal_identifier(
                actor=request.actor, person_id=person.id, kind=kind, reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            form.refused(error)
    context = {
        "person": person, "kind": kind, "label": IdentifierKind(kind).label, "form": form, "plain": plain,
        "crumbs": _crumbs((person.name, _page_of(person)), (_("查看完整号码"), None)),
    }  # fmt: skip
    template = "people/identifier_reveal.html" + ("#dialog" if request.htmx else "")
    response = render(request, template, context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response
