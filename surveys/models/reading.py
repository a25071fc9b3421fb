"""Who may read which submitted part: the rules once, as conditions that parts and whole submissions are filtered by.

A reader other than the writer needs two things: that the form is within his reach (his staff's, his scope's), and that the part is
released to the capacity he reads in.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, Subquery

from career_portal.common.clock import today
from career_portal.staff.models import RoleGrant, User
from career_portal.staff.roles import Role
from surveys.models.hope_survey import MentorRelease, ReaderChoice
from surveys.models.questionnaire import Part
from surveys.models.rounds import SurveyRound

LISTENER_QUESTION = "listener"
# As the log of reads has it: the kind of record, and the capacities that are no role.
HOPE_SURVEY = "hope_survey"
SUPERVISOR = "上司"
EXPORTED = "人事（出力）"


def staffs_form(user: User, survey: str) -> Q:
    """A form of somebody whom the user supervises today; `survey` is the path to the form ("survey__").

    Of the newest round only, so that a successor does not inherit old forms.
    """
    staff = User.objects.supervised_by(user, today()).values("pk")
    return _in_newest_round(survey) & Q(**{f"{survey}user__in": staff})


def form_in_hr_scope(user: User, survey: str) -> Q:
    """A form of somebody whose records the user handles as HR today, never his own."""
    return Q(**{f"{survey}user__in": User.objects.in_hr_scope_of(user, today()).values("pk")})


def form_within_reach_of_mentor(user: User, survey: str) -> Q:
    """A form of the newest round, while the user is a mentor today; what of it he reads is only what was released to him."""
    grants = RoleGrant.objects.on(today()).filter(user=user, role=Role.MENTOR)
    return _in_newest_round(survey) & Q(Exists(grants))


def _in_newest_round(survey: str) -> Q:
    newest = SurveyRound.objects.begun().order_by("-fiscal_year").values("pk")
    return Q(**{f"{survey}round": Subquery(newest[:1])})


def released_to_supervisor() -> Q:
    """A submitted part that its writer's decision, else its own rule, lets the supervisor read.

    And ⑧, where the supervisor is the listener chosen in it.
    """
    decided = ReaderChoice.objects.filter(
        survey=OuterRef("submission__survey"), part=OuterRef("part")
    )
    access = Part.SupervisorAccess
    return (
        (
            Q(part__supervisor_access=access.DEFAULT)
            & ~Exists(decided.filter(supervisor_reads=False))
        )
        | (
            Q(part__supervisor_access=access.OPTIONAL)
            & Exists(decided.filter(supervisor_reads=True))
        )
        | _chosen_as_listener("supervisor")
    )


def released_to_hr() -> Q:
    """A submitted part marked for HR, and ⑧ where HR is the listener chosen in it."""
    return Q(part__hr_reads=True) | _chosen_as_listener("hr")


def released_to_mentor(user: User) -> Q:
    """A submitted part that its writer released to this mentor: ⑧ where a mentor is the listener chosen in it."""
    released = MentorRelease.objects.filter(
        survey=OuterRef("submission__survey"), part=OuterRef("part"), mentor=user
    )
    is_releasable = ~Q(part__supervisor_access=Part.SupervisorAccess.NEVER)
    return (is_releasable | _chosen_as_listener("mentor")) & Q(Exists(released))


def _chosen_as_listener(capacity: str) -> Q:
    return Q(part__listener_reads=True, **{f"answers__{LISTENER_QUESTION}": capacity})
