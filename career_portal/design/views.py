"""The gallery: mounted by the local stack and the tests only."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from career_portal.design import gallery as samples
from career_portal.design.components import ErrorLink


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states, with invented content; ``?errors=1`` shows the form refused."""
    refused = "errors" in request.GET
    form = samples.SampleForm({"name": "", "episode": "長" * 301} if refused else None)
    return render(
        request,
        "gallery/gallery.html",
        {
            "samples": samples,
            "form": form,
            "page": samples.sample_page(),
            "more_errors": [ErrorLink("近いものを選択してください", "id_career_talk_0")]
            if refused
            else [],
        },
    )
