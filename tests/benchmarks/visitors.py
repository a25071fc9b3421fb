"""Who asks: people of the demonstration with sessions of their own."""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as PlainSessionStore

from career_portal.local.progress import Refusal
from career_portal.staff.models import User
from surveys.models import HopeSurvey, SurveyRound
from tests.benchmarks.bare.settings import AUTHENTICATION_BACKENDS as BARE_BACKENDS

CSRF_TOKEN = "benchmarkbenchmarkbenchmarkbench"


def portal_cookies(user):
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    return _cookies(store, user, settings.AUTHENTICATION_BACKENDS[-1])


def bare_cookies(user):
    return _cookies(PlainSessionStore(), user, BARE_BACKENDS[0])


def _cookies(store, user, backend):
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = backend
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"sessionid={store.session_key}; csrftoken={CSRF_TOKEN}"


@dataclass
class Filler:
    """Somebody who fills in this autumn's form, with what he has saved of it by part."""

    user: User
    year: int
    answers: dict[int, dict]
    versions: dict[int, int]


def open_round():
    return SurveyRound.objects.get(closed_at=None)


def fillers(number):
    """The people whose open forms hold the most: many questions are answered, this year and last."""
    survey_round = open_round()
    forms = (
        HopeSurvey.objects.filter(
            round=survey_round, state=HopeSurvey.State.DRAFT, user__is_demonstration=False
        )
        .filter(draft_parts__part__number=1)
        .select_related("user")
        .prefetch_related("draft_parts__part")
        .order_by("pk")
    )
    found = [
        Filler(
            form.user,
            survey_round.fiscal_year,
            {draft.part.number: draft.answers for draft in form.draft_parts.all()},
            {draft.part.number: draft.version for draft in form.draft_parts.all()},
        )
        for form in forms
    ]
    found.sort(key=lambda filler: -sum(map(len, filler.answers.values())))
    if len(found) < number:
        raise Refusal(f"{number} people with an open form are needed: take more --people")
    return found[:number]
