"""Coverage of the talks of the line: by section, and the members of one."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from career_portal.common.clock import fiscal_year, today
from career_portal.common.era import fiscal_year_full
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from career_portal.staff.models import User
from interviews import permissions
from interviews.coverage import covered_by
from interviews.views.pages import crumbs

TITLE = "面談の実施状況"


@require_GET
def coverage_list(request: StaffHttpRequest) -> HttpResponse:
    """Every section in one's care with how many talks were held, are open, were not offered."""
    require(permissions.can_see_coverage(request.user))
    rows = covered_by(request.user)
    words = {
        "year": fiscal_year_full(fiscal_year(today())),
        "rows": rows,
        "held": sum(row.held for row in rows),
        "total": sum(row.total for row in rows),
        "crumbs": crumbs(Crumb(TITLE)),
    }
    return render(request, "interviews/coverage_list.html", words)


@require_GET
def coverage_section(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The members of a section by how far their talk is."""
    require(permissions.can_see_coverage(request.user))
    found = next((row for row in covered_by(request.user) if row.section.pk == pk), None)
    if found is None:
        raise Http404
    numbers = [person for people in found.people.values() for person in people]
    people = User.objects.visible_to(request.user).in_bulk(numbers)
    words = {
        "row": found,
        "groups": [
            (
                state,
                sorted((people[pk] for pk in members), key=lambda p: (p.family_name_kana, p.pk)),
            )
            for state, members in found.people.items()
        ],
        "crumbs": crumbs(
            Crumb(TITLE, reverse("interviews:coverage_list")), Crumb(found.section.name)
        ),
    }
    return render(request, "interviews/coverage_section.html", words)
