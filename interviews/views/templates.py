"""The headings of records: HR reads what each kind asks for, and makes new versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from career_portal.common.era import moment
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from interviews import permissions
from interviews.kinds import Kind
from interviews.models import RecordTemplate
from interviews.records import template_services
from interviews.records.forms import TemplateForm
from interviews.views.pages import crumbs

LIST = "面談記録のひな形"


@require_GET
def template_list(request: StaffHttpRequest) -> HttpResponse:
    """The current version of every kind."""
    require(permissions.can_edit_templates(request.user))
    templates = RecordTemplate.objects.visible_to(request.user).current()
    known = {
        each.kind: each for each in templates.select_related("made_by").prefetch_related("headings")
    }
    rows = [(kind, known.get(kind.value)) for kind in Kind]
    words = {"rows": rows, "crumbs": crumbs(Crumb(LIST))}
    return render(request, "interviews/template_list.html", words)


@require_http_methods(["GET", "POST"])
def template_edit(request: StaffHttpRequest, kind: str) -> HttpResponse:
    """The headings of a kind; saving makes a new version, records that were begun keep theirs."""
    require(permissions.can_edit_templates(request.user))
    if kind not in Kind.values:
        raise Http404
    known = RecordTemplate.objects.visible_to(request.user).filter(kind=kind)
    current = known.prefetch_related("headings").order_by("-version").first()
    form = TemplateForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(current),
        back=reverse("interviews:template_list"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = template_services.change_template(
                Kind(kind),
                form.headings,
                based_on=form.cleaned_data["based_on"],
                by=request.user,
            )
        except RuleViolation as broken:
            form.add_error(None, broken.sentence)
        else:
            said = f"第{made.version}版をつくりました。これから書きはじめる記録に使われます。"
            messages.success(request, said)
            return redirect("interviews:template_list")
    name = Kind(kind).label
    words = {
        "form": form,
        "name": name,
        "current": current,
        "made": moment(current.made_at) if current else "",
        "crumbs": crumbs(Crumb(LIST, reverse("interviews:template_list")), Crumb(name)),
    }
    return render(
        request, "interviews/template_edit.html", words, status=422 if form.errors else 200
    )


def _initial(current: RecordTemplate | None) -> dict[str, object]:
    if current is None:
        return {"based_on": 0}
    filled: dict[str, object] = {"based_on": current.version}
    for heading in current.headings.all():
        filled[f"label_{heading.number}"] = heading.label
        filled[f"hint_{heading.number}"] = heading.hint
    return filled
