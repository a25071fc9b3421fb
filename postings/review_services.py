"""Telling those who care for a post that its description should be looked at again: once, when the day has passed."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from career_portal.common.clock import today
from career_portal.mail.services import MailDraft, queue_mails
from career_portal.staff.models import Assignment, RoleGrant, User
from career_portal.staff.roles import Role
from postings.models import PostDescription, ReviewReminder

MAIL_KIND = "post_review"


@transaction.atomic
def remind_of_reviews() -> int:
    """Send one mail to everybody who cares for posts whose day of review has passed; how many mails."""
    day = today()
    overdue = PostDescription.objects.overdue(day).filter(shown__review_reminder__isnull=True)
    posts = list(overdue.in_words())
    by_person: dict[User, list[PostDescription]] = {}
    people = _people(posts)
    for post in posts:
        for person in people.get(post.section_id, ()):
            by_person.setdefault(person, []).append(post)
    # Of two runs at once the second fails here, before it has queued a mail.
    ReviewReminder.objects.bulk_create(
        ReviewReminder(version=post.shown, sent_on=day) for post in posts if post.shown
    )
    return len(queue_mails(_mail(person, own) for person, own in by_person.items()))


def _people(posts: Iterable[PostDescription]) -> dict[int, set[User]]:
    """By section who is told: its editors and head; where it has neither, HR of the whole ministry."""
    day, sections = today(), {post.section_id for post in posts}
    found: dict[int, set[User]] = {section: set() for section in sections}
    editors = RoleGrant.objects.on(day).filter(role=Role.SECTION_EDITOR, section__in=sections)
    for grant in editors.select_related("user"):
        if grant.section_id is not None:
            found[grant.section_id].add(grant.user)
    heads = Assignment.objects.on(day).leading().filter(section__in=sections)
    for held in heads.select_related("user"):
        found[held.section_id].add(held.user)
    grants = RoleGrant.objects.on(day).filter(role=Role.HR).everywhere().select_related("user")
    officers = {grant.user for grant in grants}
    return {
        section: {person for person in people or officers if person.is_active and person.email}
        for section, people in found.items()
    }


def _mail(person: User, posts: list[PostDescription]) -> MailDraft:
    words = {
        "person": person,
        "posts": posts,
        "address": f"{settings.PUBLIC_ADDRESS}{reverse('postings:manage_list')}?show=overdue",
    }
    subject = render_to_string("emails/postings/review_subject.txt", words).strip()
    body = render_to_string("emails/postings/review_body.txt", words).strip()
    return MailDraft(person.pk, person.email, subject, f"{body}\n", MAIL_KIND)
