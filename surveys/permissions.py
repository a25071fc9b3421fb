"""Who may run a round, remind, extend, close and export. What somebody may read stands in `models/reading.py`."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from career_portal.common.clock import today
from career_portal.staff.models import Assignment, Bureau, RoleGrant, Section, User
from career_portal.staff.models.grants import sections_in_hr_scope
from career_portal.staff.roles import Role
from surveys.models import (
    DeadlineExtension,
    DisclosurePlan,
    ExportedForm,
    FeedbackRelease,
    FeedbackSheet,
    FormExport,
    HopeSurvey,
)


def can_follow_rounds(user: User) -> bool:
    """HR of whatever scope follows the rounds: who of its scope has taken part, reminders, deadlines, exports."""
    return RoleGrant.objects.as_hr(user, today()).exists()


def can_act_for_everybody(user: User) -> bool:
    """HR of the whole ministry extends for all, closes a round and reminds everybody."""
    return RoleGrant.objects.as_hr(user, today()).everywhere().exists()


def can_act_for_bureau(user: User, bureau: Bureau) -> bool:
    """HR whose scope holds every section that the bureau has today."""
    day = today()
    sections = Section.objects.on(day).filter(bureau=bureau)
    beyond = sections.exclude(pk__in=sections_in_hr_scope(user, day).values("pk"))
    return bool(sections.exists() and not beyond.exists())


def can_act_for_section(user: User, section: Section) -> bool:
    """HR whose scope holds the section today."""
    return bool(sections_in_hr_scope(user, today()).filter(pk=section.pk).exists())


def can_act_for_person(user: User, person: User) -> bool:
    """HR whose scope holds the person today; never for oneself."""
    return bool(User.objects.in_hr_scope_of(user, today()).filter(pk=person.pk).exists())


def can_act_for(user: User, extension: DeadlineExtension) -> bool:
    """HR takes an extension back under the same condition as it grants one."""
    if extension.person is not None:
        return can_act_for_person(user, extension.person)
    if extension.section is not None:
        return can_act_for_section(user, extension.section)
    return can_act_for_everybody(user)


def can_decide_export(user: User, export: FormExport) -> bool:
    """Another HR officer of the whole ministry approves or refuses an export that waits for it."""
    is_waiting = export.state == FormExport.State.WAITING
    is_another = export.requested_by_id != user.pk
    return is_waiting and is_another and can_act_for_everybody(user)


def can_download_export(user: User, export: FormExport) -> bool:
    """Who asked for it fetches it while it is fresh, as long as he is still HR for everybody in it.

    A form that was taken back since is nobody's to read: the file is then not given out any more.
    """
    if export.requested_by_id != user.pk or export.state != FormExport.State.READY:
        return False
    return export.is_fresh and not forms_beyond_reach(user, export)


def forms_beyond_reach(user: User, export: FormExport) -> bool:
    """Whether an export holds a form that the person may not read as HR today, or that was taken back since."""
    in_scope = User.objects.in_hr_scope_of(user, today()).values("pk")
    in_force = HopeSurvey.objects.taking_part().filter(
        pk=OuterRef("submission__survey"), user__in=in_scope
    )
    return ExportedForm.objects.filter(export=export).exclude(Exists(in_force)).exists()


def can_run_releases(user: User) -> bool:
    """The feedback admin makes, steers and publishes releases of feedback sheets; HR does not."""
    grants = RoleGrant.objects.on(today()).filter(user=user, role=Role.FEEDBACK_ADMIN)
    return user.is_active and grants.exists()


def can_follow_releases(user: User) -> bool:
    """Feedback admins and HR of the whole ministry follow releases and fetch their files."""
    return can_run_releases(user) or (user.is_active and can_act_for_everybody(user))


def can_confirm_plan(user: User, plan: DisclosurePlan) -> bool:
    """HR of the whole ministry confirms what somebody else proposed (rule 2)."""
    return plan.proposed_by_id != user.pk and user.is_active and can_act_for_everybody(user)


def can_fetch_everything(user: User, release: FeedbackRelease) -> bool:
    """Who follows releases fetches all of one that is whole and was not given up."""
    return release.state == FeedbackRelease.State.MADE and can_follow_releases(user)


def can_fetch_sheet(user: User, sheet: FeedbackSheet) -> bool:
    """Whoever may read a sheet fetches it, once it is there; nobody one of a release that was given up."""
    is_kept = sheet.release.state != FeedbackRelease.State.CANCELLED
    is_done = sheet.state == FeedbackSheet.State.DONE
    return (
        is_kept and is_done and FeedbackSheet.objects.visible_to(user).filter(pk=sheet.pk).exists()
    )


def can_record_actions(user: User, sheet: FeedbackSheet) -> bool:
    """The head of today's section records what it means to improve, on its published sheet."""
    if sheet.release.published_at is None or not user.is_active:
        return False
    led = Assignment.objects.on(today()).led_by(user.pk).values("section")
    own = Q(section__in=led) | Q(section__successors__in=led)
    units = sheet.release.freeze.units.filter(own).filter(
        Q(pk=sheet.unit_id) | Q(parent=sheet.unit_id)
    )
    return units.exists()
