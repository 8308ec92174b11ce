"""Thresholds with what was measured at them, and how many faces are stored."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiheng.access.http import requires
from zhiheng.faces.forms import SettingForm
from zhiheng.faces.policies import MANAGE_SETTING
from zhiheng.faces.queries.measured import MEASURED
from zhiheng.faces.queries.settings import current_setting
from zhiheng.faces.queries.templates import FILING_THRESHOLD, face_count
from zhiheng.faces.services.settings import change_setting
from zhiheng.faces.views.shared import face_tabs


@requires(MANAGE_SETTING)
@require_http_methods(["GET", "POST"])
def setting(request: HttpRequest) -> HttpResponse:
    """Show and change the settings of faces."""
    form = SettingForm(request.POST or None, instance=current_setting())
    if request.method == "POST" and form.is_valid():
        try:
            change_setting(actor=request.actor, **form.values())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("已保存。"))
            return redirect("faces:setting")
    context = {
        "form": form,
        "tabs": face_tabs(request, "setting"),
        "measured": MEASURED,
        "stored": face_count(),
        "filing": FILING_THRESHOLD,
    }
    return render(request, "faces/setting.html", context, status=422 if form.errors else 200)
