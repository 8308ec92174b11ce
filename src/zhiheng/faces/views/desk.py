"""HR at the desk: who is enrolled, who agreed, one person, and enrolling with a consent on paper."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhiheng.access.http import requires
from zhiheng.faces.choices import ConsentKind, ConsentWay
from zhiheng.faces.forms import EnrolPersonForm
from zhiheng.faces.policies import DELETE_FACE, READ_FACE, SEE_PHOTO, USE_FACE
from zhiheng.faces.queries.consents import TEXT_VERSION, consents_for_actor
from zhiheng.faces.queries.person import face_of_person
from zhiheng.faces.queries.templates import enrolments_for_actor, template_for_actor
from zhiheng.faces.services.consents import give_consent, withdraw_consent
from zhiheng.faces.services.enrolment import confirm_enrolment, enrol_face
from zhiheng.faces.services.photos import reveal_enrolment_photo
from zhiheng.faces.views.shared import face_tabs, photo_response
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage


def _state(row) -> str:
    if row.confirmed_at:
        return "confirmed"
    return "alike" if row.look_alike_score is not None else "new"


STATES = {
    "confirmed": ("ok", gettext_lazy("已核对")),
    "new": ("info", gettext_lazy("待核对")),
    "alike": ("warn", gettext_lazy("与他人相像，待核对")),
}
CONSENT_TAGS = {
    ConsentKind.GIVEN.value: ("ok", ConsentKind.GIVEN.label),
    ConsentKind.WITHDRAWN.value: ("", ConsentKind.WITHDRAWN.label),
}
NAME = Column(
    "name", gettext_lazy("员工"), value="person.name", sort="person__name", template="faces/_name_cell.html",
    is_fixed=True,
)  # fmt: skip


def _narrow_state(rows, value):
    if value == "confirmed":
        return rows.filter(confirmed_at__isnull=False)
    return rows.filter(confirmed_at__isnull=True, look_alike_score__isnull=value == "new")


class EnrolmentList(ListPage):
    """Who is enrolled."""

    key = "faces.enrolment"
    title = gettext_lazy("人脸登记")
    template_name = "faces/enrolment_list.html"
    columns = [
        NAME,
        Column("unit", gettext_lazy("部门"), value="person.org_unit.name", sort="person__org_unit__name"),
        Column("enrolled_at", gettext_lazy("登记时间"), sort="enrolled_at", kind="time"),
        Column("enrolled_by", gettext_lazy("登记人")),
        Column("state", gettext_lazy("核对"), value=_state, tags=STATES),
        Column("look_alike", gettext_lazy("相像的人"), value="look_alike.name"),
        Column("model_version", gettext_lazy("模型版本"), is_default=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter(
            "state", gettext_lazy("核对"), is_segmented=True, apply=_narrow_state,
            choices=[(code, label) for code, (_kind, label) in STATES.items()],
        )
    ]  # fmt: skip
    search_fields = ["person__search_text", "person__name"]
    search_label = gettext_lazy("姓名 / 工号")
    default_sort = "-enrolled_at"
    total_label = gettext_lazy("共 {count} 人")
    empty_icon = "face-id"
    empty_title = gettext_lazy("还没有人登记人脸")
    empty_text = gettext_lazy("员工同意后可在手机上登记，也可由人事凭书面同意书代为登记。")

    def rows(self):
        return enrolments_for_actor(self.actor)

    def extra_context(self) -> dict[str, object]:
        can_enrol = self.actor.can(USE_FACE) and self.actor.can(READ_FACE)
        return {"tabs": face_tabs(self.request, "enrolments"), "can_enrol": can_enrol}


class ConsentList(ListPage):
    """Who said what when."""

    key = "faces.consent"
    title = gettext_lazy("人脸同意书")
    template_name = "faces/tabbed_list.html"
    columns = [
        NAME,
        Column("unit", gettext_lazy("部门"), value="person.org_unit.name", sort="person__org_unit__name"),
        Column("kind", gettext_lazy("意思表示"), tags=CONSENT_TAGS),
        Column("way", gettext_lazy("方式"), value=lambda row: row.get_way_display()),
        Column("said_at", gettext_lazy("时间"), sort="said_at", kind="time"),
        Column("said_by", gettext_lazy("操作人")),
        Column("text_version", gettext_lazy("文本版本")),
        Column("note", gettext_lazy("备注")),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("kind", gettext_lazy("意思表示"), choices=ConsentKind.choices, is_segmented=True),
        ChoiceFilter("way", gettext_lazy("方式"), choices=ConsentWay.choices),
    ]
    search_fields = ["person__search_text", "person__name"]
    search_label = gettext_lazy("姓名 / 工号")
    default_sort = "-said_at"
    empty_icon = "file-text"
    empty_title = gettext_lazy("还没有人脸同意书")
    empty_text = gettext_lazy("员工在手机上同意或撤回后，会逐条显示在这里。")

    def rows(self):
        return consents_for_actor(self.actor)

    def extra_context(self) -> dict[str, object]:
        return {"tabs": face_tabs(self.request, "consents")}


@requires(READ_FACE)
def enrolment_list(request: HttpRequest) -> HttpResponseBase:
    """List who is enrolled."""
    return EnrolmentList(request).response()


@requires(READ_FACE)
def consent_list(request: HttpRequest) -> HttpResponseBase:
    """List consents and withdrawals."""
    return ConsentList(request).response()


@requires(READ_FACE)
@require_safe
def person_face(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show what is stored of a person's face, what they said, and their latest checks."""
    actor = request.actor
    face = face_of_person(actor, person_id)
    context = {
        "face": face,
        "can_see": actor.can(SEE_PHOTO),
        "can_delete": actor.can(DELETE_FACE),
        "crumbs": [(_("人脸登记"), reverse("faces:enrolment_list")), (face.person.name, None)],
    }
    return render(request, "faces/person_face.html", context)


@requires(SEE_PHOTO)
@require_safe
def enrolment_photo(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Show one of the photos somebody enrolled with; recorded."""
    template = template_for_actor(request.actor, template_id)
    jpeg = reveal_enrolment_photo(actor=request.actor, template_id=template_id)
    return photo_response(jpeg, template.person.name)


@requires(SEE_PHOTO)
@require_POST
def confirm(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Confirm that the photos show the person."""
    confirm_enrolment(actor=request.actor, person_id=person_id)
    messages.success(request, _("已核对。"))
    return redirect("faces:person_face", person_id)


@requires(DELETE_FACE)
@require_POST
def delete(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Withdraw for somebody who said so on paper, and delete what is stored."""
    withdraw_consent(actor=request.actor, person_id=person_id, note=request.POST.get("note", ""))
    messages.success(request, _("已撤回同意，人脸照片与特征均已删除。"))
    return redirect("faces:person_face", person_id)


@requires(USE_FACE)
@require_http_methods(["GET", "POST"])
def enrol_person(request: HttpRequest) -> HttpResponse:
    """Enrol somebody who agreed on paper, from three photos."""
    form = EnrolPersonForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        person_id = form.cleaned_data["number"]
        try:
            with transaction.atomic():
                give_consent(
                    actor=request.actor, person_id=person_id, text_version=TEXT_VERSION,
                    note=form.cleaned_data["note"],
                )  # fmt: skip
                enrol_face(actor=request.actor, person_id=person_id, photos=form.photos())
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, _("人脸已登记。"))
            return redirect("faces:person_face", person_id)
    title = _("凭书面同意书登记")
    context = {
        "form": form,
        "title": title,
        "crumbs": [(_("人脸登记"), reverse("faces:enrolment_list")), (title, None)],
        "cancel": reverse("faces:enrolment_list"),
    }
    return render(request, "faces/enrol_person.html", context, status=422 if form.errors else 200)
