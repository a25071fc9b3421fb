"""Who may write, review, publish and import. What somebody may read stands with the models (`visible_to`)."""

from __future__ import annotations

from career_portal.common.clock import today
from career_portal.staff.models import RoleGrant, Section, User
from postings.models import PostDescription, PostImport, PostVersion
from postings.models.posts import in_care_of


def can_write_for(user: User, section: Section) -> bool:
    """Who cares for a section's posts describes new ones there."""
    day = today()
    found = Section.objects.on(day).filter(in_care_of(user, day, ""), pk=section.pk)
    return bool(found.exists())


def can_write(user: User, post: PostDescription) -> bool:
    """HR in scope, the section's editors and its head write a post's description."""
    return PostDescription.objects.in_care_of(user).filter(pk=post.pk).exists()


def can_review(user: User, version: PostVersion) -> bool:
    """HR in scope approves or sends back what others wrote."""
    return PostVersion.objects.reviewable_by(user).filter(pk=version.pk).exists()


def can_publish(user: User, post: PostDescription) -> bool:
    """HR in whose scope the post's section lies decides about publishing, archiving and moving."""
    in_scope = RoleGrant.objects.as_hr(user, today()).covering("section__")
    return PostDescription.objects.filter(in_scope, pk=post.pk).exists()


def can_run_catalogue(user: User) -> bool:
    """HR of whatever scope imports, exports and looks after the words of the search."""
    return RoleGrant.objects.as_hr(user, today()).exists()


def can_confirm_import(user: User, post_import: PostImport) -> bool:
    """Who uploaded a file decides about it, and becomes the writer of what it says."""
    return post_import.uploaded_by_id == user.pk and can_run_catalogue(user)


def can_approve_import(user: User, post_import: PostImport) -> bool:
    """Somebody else than who uploaded a file approves what it says."""
    is_visible = PostImport.objects.visible_to(user).filter(pk=post_import.pk).exists()
    return is_visible and post_import.uploaded_by_id != user.pk


def can_undo_import(user: User, post_import: PostImport) -> bool:
    """Who uploaded a file takes it back, or HR of the whole ministry."""
    return PostImport.objects.visible_to(user).filter(pk=post_import.pk).exists()


def can_edit_some(user: User) -> bool:
    """Whether somebody cares for any section's posts today."""
    day = today()
    return bool(Section.objects.on(day).filter(in_care_of(user, day, "")).exists())
