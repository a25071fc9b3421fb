"""The roles of the portal, in code: what each is for. Scope and period stand on the grant (`RoleGrant`).

Being a supervisor is no role: it follows from assignments and designations (`User.objects.supervised_by`).
"""

from django.db import models


class Role(models.TextChoices):
    """What a person may be granted besides being a member of staff."""

    HR = "hr", "人事当局"
    FEEDBACK_ADMIN = "feedback_admin", "集計担当"
    SECTION_EDITOR = "section_editor", "編集担当"
    DELEGATE = "delegate", "代理"
    MENTOR = "mentor", "メンター"
    AUDITOR = "auditor", "監査"
    SYSTEM_ADMIN = "system_admin", "システム管理"
