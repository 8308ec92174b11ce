"""One's own face, on a phone: what it is used for, agreeing, enrolling, trying it, withdrawing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhiheng.access.http import requires
from zhiheng.faces.choices import reason_text
from zhiheng.faces.engine import MAX_BYTES
from zhiheng.faces.forms import EnrolForm
from zhiheng.faces.policies import USE_FACE
from zhiheng.faces.queries.consents import consent_text
from zhiheng.faces.queries.mine import my_state
from zhiheng.faces.queries.templates import template_for_actor
from zhiheng.faces.services.checks import check_face
from zhiheng.faces.services.consents import give_consent, withdraw_consent
from zhiheng.faces.services.enrolment import enrol_face
from zhiheng.faces.services.photos import reveal_enrolment_photo
from zhiheng.faces.views.shared import photo_response


@requires(USE_FACE)
@require_safe
def my_face(request: HttpRequest) -> HttpResponse:
    """Show where one stands: not agreed, agreed, enrolled; with what is stored and how to end it."""
    return render(request, "faces/my_face.html", {"mine": my_state(request.actor)})


@requires(USE_FACE)
@require_http_methods(["GET", "POST"])
def my_consent(request: HttpRequest) -> HttpResponse:
    """Show the text and take the consent."""
    errors: list[str] = []
    if request.method == "POST":
        try:
            with transaction.atomic():
                give_consent(actor=request.actor, text_version=request.POST.get("text_version", ""))
        except ValidationError as error:
            errors = error.messages
        else:
            return redirect("faces:my_enrol")
    context = {"text": consent_text(), "mine": my_state(request.actor), "errors": errors}
    return render(request, "faces/my_consent.html", context, status=422 if errors else 200)


@requires(USE_FACE)
@require_POST
def my_withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw consent; everything of the face is deleted at once."""
    try:
        with transaction.atomic():
            withdraw_consent(actor=request.actor)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    else:
        messages.success(request, _("已撤回同意，人脸照片与特征均已删除。"))
    return redirect("faces:my_face")


@requires(USE_FACE)
@require_http_methods(["GET", "POST"])
def my_enrol(request: HttpRequest) -> HttpResponse:
    """Take three photos and enrol them."""
    form = EnrolForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                enrol_face(actor=request.actor, photos=form.photos())
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, _("人脸已登记。"))
            return redirect("faces:my_face")
    context = {"form": form, "mine": my_state(request.actor)}
    return render(request, "faces/my_enrol.html", context, status=422 if form.errors else 200)


@requires(USE_FACE)
@require_http_methods(["GET", "POST"])
def my_try(request: HttpRequest) -> HttpResponse:
    """Try the recognition out, exactly as a punch does it; the answer to frames is the result alone."""
    if request.method == "POST":
        frames = [each.read(MAX_BYTES + 1) for each in request.FILES.getlist("frames")]
        found = check_face(actor=request.actor, nonce=request.POST.get("nonce", ""), frames=frames)
        context = {"check": found, "reason_text": reason_text(found.reason)}
        return render(request, "faces/_try_result.html", context)
    return render(request, "faces/my_try.html", {"mine": my_state(request.actor)})


@requires(USE_FACE)
@require_safe
def my_photo(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Show one of one's own photos (or, to who may see them, of others')."""
    template = template_for_actor(request.actor, template_id)
    return photo_response(
        reveal_enrolment_photo(actor=request.actor, template_id=template_id), template.person.name
    )
