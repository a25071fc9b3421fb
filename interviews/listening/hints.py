"""A gentle word to interviewers who have not attended a training yet, to themselves alone."""

from __future__ import annotations

from career_portal.staff.models import User
from interviews import permissions
from interviews.models import ListeningTraining


def suggests_training(user: User) -> bool:
    """Whether somebody who may hold talks has no training on record. Asked for the person himself only."""
    own = ListeningTraining.objects.visible_to(user).filter(person=user)
    return not own.exists() and bool(permissions.kinds_to_offer(user))
