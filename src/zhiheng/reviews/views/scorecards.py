"""Pages of scorecards: the list, one with its versions, the editor with a live check."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.http import requires
from zhiheng.calckit.formula import FormulaError
from zhiheng.reviews.calc.assess import SCORE
from zhiheng.reviews.calc.explain import explain
from zhiheng.reviews.forms import ScorecardForm, derived_of, derived_text, inputs_of
from zhiheng.reviews.policies import MANAGE_SCORECARD, READ_SCORECARD
from zhiheng.reviews.queries.scorecards import current_version, scorecard_for_actor, scorecards_for_actor
from zhiheng.reviews.services.scorecards import check_scorecard, create_scorecard, redefine_scorecard
from zhiheng.webkit.lists import Column, ListPage


class ScorecardList(ListPage):
    """The scorecards."""

    key = "reviews.scorecard"
    title = gettext_lazy("评分卡")
    sub = gettext_lazy("用公司自己的话写公式；改动产生新版本，已开启的考核不受影响。")
    template_name = "reviews/scorecard_list.html"
    columns = [
        Column(
            "name", gettext_lazy("评分卡"), value="label", sort="name", is_fixed=True,
            url=lambda row: reverse("reviews:scorecard_detail", args=[row.id]),
        ),
        Column("code", gettext_lazy("编码"), sort="code"),
        Column("current_version", gettext_lazy("版本"), kind="number"),
    ]  # fmt: skip
    search_fields = ["name", "name_en", "code"]
    search_label = gettext_lazy("评分卡 / 编码")
    default_sort = "name"
    total_label = gettext_lazy("共 {count} 张评分卡")
    empty_icon = "scale"
    empty_title = gettext_lazy("还没有评分卡")
    empty_text = gettext_lazy("写下第一条公式，例如：达成率×0.8 + 新客户率×0.2。")

    def rows(self):
        return scorecards_for_actor(self.actor)

    def extra_context(self):
        return {"can_manage": self.actor.can(MANAGE_SCORECARD)}


@requires(READ_SCORECARD)
def scorecard_list(request: HttpRequest) -> HttpResponseBase:
    """List the scorecards."""
    return ScorecardList(request).response()


@requires(READ_SCORECARD)
def scorecard_detail(request: HttpRequest, scorecard_id: UUID) -> HttpResponse:
    """Show a scorecard with its versions."""
    scorecard = scorecard_for_actor(request.actor, scorecard_id)
    context = {
        "scorecard": scorecard,
        "version": current_version(scorecard),
        "versions": scorecard.versions.all(),
        "can_manage": request.actor.can(MANAGE_SCORECARD),
        "crumbs": [(_("评分卡"), reverse("reviews:scorecard_list")), (scorecard.label, None)],
    }
    return render(request, "reviews/scorecard.html", context)


@requires(MANAGE_SCORECARD)
def scorecard_create(request: HttpRequest) -> HttpResponse:
    """Create a scorecard."""
    form = ScorecardForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            scorecard_id = create_scorecard(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("评分卡已创建。"))
            return HttpResponseRedirect(reverse("reviews:scorecard_detail", args=[scorecard_id]))
    return _form_page(request, form, _("新建评分卡"), reverse("reviews:scorecard_list"))


@requires(MANAGE_SCORECARD)
def scorecard_edit(request: HttpRequest, scorecard_id: UUID) -> HttpResponse:
    """Give a scorecard a new version."""
    scorecard = scorecard_for_actor(request.actor, scorecard_id)
    version = current_version(scorecard)
    known = {f"{each['source']}:{each['code']}": each["name"] for each in version.inputs}
    initial = {
        "code": scorecard.code, "name": scorecard.name, "name_en": scorecard.name_en,
        "places": version.places, "inputs": list(known), "derived": derived_text(version.derived),
        "formula": version.formula,
    }  # fmt: skip
    form = ScorecardForm(request.POST if request.method == "POST" else None, initial=initial, is_new=False)
    choices = form.fields["inputs"].choices
    form.fields["inputs"].choices = [(key, known.get(key, label)) for key, label in choices]
    page = reverse("reviews:scorecard_detail", args=[scorecard.id])
    if request.method == "POST" and form.is_valid():
        inputs = inputs_of(form["inputs"].value(), known)
        data = {name: form.cleaned_data[name] for name in ("formula", "derived", "places")}
        try:
            redefine_scorecard(actor=request.actor, scorecard_id=scorecard.id, inputs=inputs, **data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("已保存；已开启的考核仍用原来的版本。"))
            return HttpResponseRedirect(page)
    return _form_page(request, form, _("修改评分卡"), page)


@requires(MANAGE_SCORECARD)
def scorecard_check(request: HttpRequest) -> HttpResponse:
    """Check a scorecard while it is typed, and work out an example; answers with a fragment."""
    names = dict(zip(request.POST.getlist("input_key"), request.POST.getlist("input_name"), strict=False))
    inputs = inputs_of(request.POST.getlist("inputs"), names)
    typed = {each["name"]: request.POST.get(f"sample_{each['name']}", "") for each in inputs}
    context: dict[str, object] = {"inputs": list(typed.items())}
    text = request.POST.get("formula", "")
    try:
        derived = derived_of(request.POST.get("derived", ""))
        formulas = check_scorecard(formula=text, inputs=inputs, derived=derived)
    except ValidationError as error:
        context |= _problem(error)
    else:
        context["is_good"] = True
        samples = {name: _sample(text) for name, text in typed.items()}
        if all(samples[name] is not None for name in formulas.names):
            results = formulas.evaluate(samples)
            trace = [{"name": name, **result.trace.as_dict()} for name, result in results.items()]
            context |= {"tree": explain(trace), "result": results[SCORE]}
    return render(request, "reviews/_scorecard_check.html", context)


def _sample(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**15 else None


def _problem(error: ValidationError) -> dict[str, object]:
    """Return the sentence and, for a formula, the text before, at and after the place."""
    found: dict[str, object] = {"problem": " ".join(error.messages)}
    cause = error.__cause__
    if isinstance(cause, FormulaError):
        place = cause.problem
        found["before"] = place.text[: place.start]
        found["at"] = place.text[place.start : place.end] or " "
        found["after"] = place.text[place.end :]
    return found


def _add_errors(form, error: ValidationError) -> None:
    """Put a service's refusal at the fields it names, or above the form."""
    found = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, texts in found.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


def _form_page(request: HttpRequest, form: ScorecardForm, title: str, cancel: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "cancel": cancel,
        "choices": form.fields["inputs"].choices,
        "crumbs": [(_("评分卡"), reverse("reviews:scorecard_list")), (title, None)],
    }
    return render(request, "reviews/scorecard_form.html", context, status=422 if form.errors else 200)
