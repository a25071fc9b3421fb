"""Who may run a round, remind, extend, close and export. What somebody may read stands in `models/reading.py`."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from career_portal.common.clock import today
from career_portal.staff.models import Bureau, RoleGrant, Section, User
from career_portal.staff.models.grants import sections_in_hr_scope
from surveys.models import DeadlineExtension, ExportedForm, FormExport, HopeSurvey


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
