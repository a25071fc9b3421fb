"""Who may hold interviews with whom, and who may handle whose times."""

from __future__ import annotations

from django.db.models import Q

from career_portal.common.clock import today
from career_portal.staff.models import RoleGrant, Section, SupervisorDesignation, User
from career_portal.staff.models.organisation import UnitQuerySet
from career_portal.staff.models.user import UserQuerySet
from career_portal.staff.roles import Role
from interviews.kinds import LINE_KINDS, Kind
from interviews.models import AgreedAction, Interview, SharedRecord


def can_handle_times(user: User, interviewer: User) -> bool:
    """An interviewer handles his own times, and so does whoever acts for him today (代理); contents are never the delegate's."""
    if not user.is_active:
        return False
    acts_for = RoleGrant.objects.on(today()).filter(
        user=user, role=Role.DELEGATE, on_behalf_of=interviewer
    )
    return user.pk == interviewer.pk or acts_for.exists()


def people_acted_for(user: User) -> UserQuerySet:
    """Whose times somebody handles today besides his own (代理)."""
    acts_for = RoleGrant.objects.on(today()).filter(user=user, role=Role.DELEGATE)
    people: UserQuerySet = User.objects.filter(pk__in=acts_for.values("on_behalf_of"))
    return people.order_by("family_name_kana", "pk")


def kinds_to_offer(interviewer: User) -> tuple[Kind, ...]:
    """The kinds that somebody may hold today: the line's as a supervisor, HR's and a mentor's by their roles."""
    day = today()
    kinds: list[Kind] = []
    if User.objects.supervised_by(interviewer, day).exists():
        kinds += [kind for kind in Kind if kind in LINE_KINDS]
    roles = set(
        RoleGrant.objects.on(day)
        .filter(user=interviewer, role__in=[Role.HR, Role.MENTOR])
        .values_list("role", flat=True)
    )
    kinds += [Kind.HR] if Role.HR in roles else []
    kinds += [Kind.MENTOR] if Role.MENTOR in roles else []
    return tuple(kinds)


def can_interview(interviewer: User, interviewee: User, kind: Kind) -> bool:
    """Whether the one may hold a talk of the kind with the other today; nobody with himself."""
    day = today()
    if interviewer.pk == interviewee.pk or not interviewee.is_active or not interviewer.is_active:
        return False
    if kind in LINE_KINDS:
        found = User.objects.supervised_by(interviewer, day).filter(pk=interviewee.pk)
    elif kind == Kind.HR:
        found = User.objects.in_hr_scope_of(interviewer, day).filter(pk=interviewee.pk)
    else:
        found = User.objects.mentors_for(interviewee, day).filter(pk=interviewer.pk)
    return bool(found.exists())


def can_change_interview(user: User, interview: Interview) -> bool:
    """Either of the two, and of a talk of the line today's delegate of the interviewer, moves or cancels it."""
    return Interview.objects.handled_by(user).filter(pk=interview.pk).exists()


def can_prepare(user: User, interview: Interview) -> bool:
    """The two of a booked talk read its sheet, while the interviewer may still hold it today: not after a transfer."""
    is_of_the_two = user.pk in (interview.interviewer_id, interview.interviewee_id)
    return (
        user.is_active
        and is_of_the_two
        and interview.state == Interview.State.BOOKED
        and can_interview(interview.interviewer, interview.interviewee, Kind(interview.kind))
    )


def can_edit_prompts(user: User) -> bool:
    """HR of the whole ministry looks after the bank of prompts."""
    return is_hr_of_the_ministry(user)


def can_record_trainings(user: User) -> bool:
    """HR of the whole ministry records who attended a training in listening."""
    return is_hr_of_the_ministry(user)


def is_hr_of_the_ministry(user: User) -> bool:
    """Whether somebody is HR today, and of no part alone."""
    return bool(RoleGrant.objects.as_hr(user, today()).everywhere().exists())


def can_write_record(user: User, interview: Interview) -> bool:
    """The interviewer writes the record and his memo, also after a transfer; of a talk that was called off nobody does."""
    is_off = interview.state == Interview.State.CANCELLED
    return user.is_active and user.pk == interview.interviewer_id and not is_off


def can_respond(user: User, record: SharedRecord) -> bool:
    """The interviewee says what he thinks of a published record."""
    return user.is_active and user.pk == record.interview.interviewee_id


def can_update_action(user: User, action: AgreedAction) -> bool:
    """Either of the two says what became of an action, unless a correction took it out of the record."""
    two = (action.interview.interviewer_id, action.interview.interviewee_id)
    is_standing = action.status != AgreedAction.Status.WITHDRAWN
    return user.is_active and user.pk in two and is_standing


def can_edit_templates(user: User) -> bool:
    """HR of the whole ministry writes the headings of records."""
    return user.is_active and is_hr_of_the_ministry(user)


def can_count_actions(user: User) -> bool:
    """HR of the whole ministry sees how many agreed actions there are, and none of them."""
    return user.is_active and is_hr_of_the_ministry(user)


def sections_covered_by(user: User) -> UnitQuerySet:
    """The sections whose coverage somebody sees today: by scope as HR, of a bureau as the officer named for it."""
    day = today()
    if not user.is_active:
        return Section.objects.none()
    bureaus = SupervisorDesignation.objects.on(day).filter(supervisor=user, bureau__isnull=False)
    grants = RoleGrant.objects.as_hr(user, day)
    sections: UnitQuerySet = Section.objects.on(day).filter(
        grants.covering() | Q(bureau__in=bureaus.values("bureau"))
    )
    return sections


def can_see_coverage(user: User) -> bool:
    """HR, and the officers named for bureaus."""
    return bool(sections_covered_by(user).exists())
