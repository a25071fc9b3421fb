"""Publishing a release: heads read theirs at once and are told so, the staff from the next day."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse

from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.mail.services import MailDraft, queue_mails
from career_portal.staff.models import Assignment, User
from surveys import permissions
from surveys.feedback_sheets.preparing_services import NotFeedbackAdmin
from surveys.models import FeedbackRelease, RoundUnit

MAIL_KIND = "feedback_sheet"
HEADS_FIRST = datetime.timedelta(days=1)


class NotToBePublished(RuleViolation):
    """Not every sheet is there, or the release was published or given up."""

    sentence = "公開できるのは、すべてのシートができあがり、まだ公開していないときだけです。"


@transaction.atomic
def publish_release(release: FeedbackRelease, *, by: User) -> FeedbackRelease:
    """Publish a whole release, which never changes from here on. Raises NotFeedbackAdmin or NotToBePublished."""
    if not permissions.can_run_releases(by):
        raise NotFeedbackAdmin
    held = FeedbackRelease.objects.select_for_update(of=("self",)).get(pk=release.pk)
    if not held.can_be_published:
        raise NotToBePublished
    held.published_by, held.published_at = by, Now()
    held.opens_on = today() + HEADS_FIRST
    held.save(update_fields=["published_by", "published_at", "opens_on"])
    queue_mails(_mail(head) for head in heads_to_tell(held))
    release.refresh_from_db()
    return release


def heads_to_tell(release: FeedbackRelease) -> list[User]:
    """Today's heads of the sections that a release has sheets of, also within joint units and after a reorganisation."""
    frozen = RoundUnit.objects.filter(freeze=release.freeze_id, section__isnull=False)
    sections = frozen.values("section")
    led = Assignment.objects.on(today()).leading()
    led = led.filter(Q(section__in=sections) | Q(section__predecessors__in=sections))
    heads = User.objects.filter(pk__in=led.values("user")).exclude(email="")
    return list(heads.exclude(state=User.State.ENDED).order_by("pk"))


def _mail(head: User) -> MailDraft:
    """A mail that says nothing of any figure, nor of which section it is."""
    words = {
        "person": head,
        "address": f"{settings.PUBLIC_ADDRESS}{reverse('surveys:sheet_list')}",
    }
    subject = render_to_string("emails/surveys/sheet_subject.txt", words).strip()
    body = render_to_string("emails/surveys/sheet_body.txt", words).strip()
    return MailDraft(head.pk, head.email, subject, f"{body}\n", MAIL_KIND)
