"""A page of thirty questions and a locked save, without anything else."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from tests.benchmarks.bare.models import AnswerRow
from tests.benchmarks.bare.questions import CODES, QUESTIONS


@login_required
@require_GET
def form(request):
    answers = AnswerRow.objects.get(person=request.user).answers
    questions = [{**each, "value": answers.get(each["code"], "")} for each in QUESTIONS]
    return render(request, "bare/form.html", {"questions": questions})


@login_required
@require_POST
def save(request):
    with transaction.atomic():
        row = AnswerRow.objects.select_for_update().get(person=request.user)
        row.answers |= {code: request.POST[code] for code in CODES if code in request.POST}
        row.save(update_fields=["answers"])
    return JsonResponse({"saved": True})
