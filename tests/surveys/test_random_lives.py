"""Forms that live through random days, compared after every step with a much simpler telling of the rules."""

from random import Random

import pytest

from career_portal.common.errors import RuleViolation
from career_portal.staff.roles import Role
from surveys import services
from surveys.answers import PostedAnswers
from surveys.models import DraftPart, HopeSurvey, Submission, SubmittedPart
from tests.factories.staff import RoleGrantFactory

STEPS = 40
REQUIRED = dict.fromkeys(
    [
        "growth_felt",
        "meaning_felt",
        "valued_felt",
        "mission_sympathy",
        "career_talk",
        "future_picture",
    ],
    "3",
)


class Told:
    """The rules in plain values: the text of part ① in the draft and in each version, and what is in force."""

    def __init__(self):
        self.draft, self.saves = None, 0
        self.versions = []
        self.current = None
        self.correcting = False

    @property
    def writable(self):
        return self.current is None or self.correcting

    def save(self, text, version):
        if not self.writable or version != self.saves:
            return False
        self.draft, self.saves = text, self.saves + 1
        return True

    def submit(self):
        if self.current is not None and not self.correcting:
            return True
        if self.draft is None:
            return False
        self.versions.append(self.draft)
        self.current, self.correcting = len(self.versions), False
        return True

    def correct(self):
        if self.current is None:
            return False
        self.correcting = True
        return True

    def discard(self):
        if not self.correcting:
            return False
        self.draft, self.saves = self.versions[self.current - 1], self.saves + 1
        self.correcting = False
        return True

    def withdraw(self):
        if self.current is None:
            return False
        self.current, self.correcting = None, False
        return True


@pytest.mark.parametrize("seed", range(4))
def test_form_follows_the_rules_through_any_life(survey_round, questionnaire, writer, seed):
    random, told, part = Random(seed), Told(), questionnaire.part(1)  # noqa: S311  no secret
    hr = RoleGrantFactory(role=Role.HR).user

    def save(text, version):
        posted = PostedAnswers(answers={"work_done": text, **REQUIRED})
        services.save_draft_part(survey_round, part, posted, version=version, by=writer)

    def submit():
        seen = services.fingerprint(DraftPart.objects.all())
        services.submit_hope_survey(survey_round, seen=seen, by=writer)

    for step in range(STEPS):
        name = random.choice(["save", "save", "stale", "submit", "correct", "discard", "withdraw"])
        if name in ("save", "stale"):
            version = told.saves if name == "save" else random.choice([-1, told.saves + 1])
            expected = told.save(f"文{step}", version)
            happened = succeeds(save, f"文{step}", version)
        elif name == "submit":
            expected, happened = told.submit(), succeeds(submit)
        else:
            expected = getattr(told, name)()
            act = {
                "correct": services.open_correction,
                "discard": services.discard_correction,
                "withdraw": services.withdraw_hope_survey,
            }[name]
            happened = succeeds(act, survey_round, by=writer)
        assert happened == expected, (step, name)
        compare(told, writer, hr)


def succeeds(act, *arguments, **options):
    """Whether a service did what it was asked; a rule may forbid it, nothing else may."""
    try:
        act(*arguments, **options)
    except RuleViolation:
        return False
    return True


def compare(told, writer, hr):
    draft = DraftPart.objects.first()
    assert (draft and draft.answers["work_done"], draft.version if draft else 0) == (
        told.draft,
        told.saves,
    )
    own = SubmittedPart.objects.visible_to(writer).order_by("submission__number")
    assert [row.answers["work_done"] for row in own] == told.versions
    in_force = [told.versions[told.current - 1]] if told.current else []
    read = SubmittedPart.objects.visible_to(hr)
    assert [row.answers["work_done"] for row in read] == in_force
    receipts = Submission.objects.values_list("receipt_number", flat=True)
    assert len(set(receipts)) == len(told.versions)
    form = HopeSurvey.objects.first()
    if form:
        assert form.is_correcting == told.correcting
        assert (form.current_submission and form.current_submission.number) == told.current
