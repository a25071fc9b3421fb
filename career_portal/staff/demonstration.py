"""The sign-ins of the demonstration ministry, as the local stack's sign-in page lists them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from career_portal.staff.models import User

# Sign-in name and role in words, in the order in which one gets to know the portal.
ROLES_IN_WORDS = {
    "shokuin": "職員",
    "joushi": "課室長",
    "kounin": "次の課室長",
    "hosa": "課室長の代理",
    "henshu": "編集担当",
    "jinji": "人事当局",
    "jinji2": "人事当局 2",
    "shukei": "集計担当",
    "mentor": "メンター",
    "kansa": "監査",
    "kanri": "システム管理",
}


@dataclass(frozen=True)
class DemonstrationSignIn:
    """One person that a visitor of the demonstration may sign in as."""

    username: str
    display_name: str
    role: str


def demonstration_sign_ins() -> list[DemonstrationSignIn]:
    """Those that exist here; none where the stack does not allow them."""
    if not settings.DEMO_ACCOUNTS_ALLOWED:
        return []
    people = User.objects.filter(username__in=ROLES_IN_WORDS, is_demonstration=True)
    names = {person.username: person.display_name for person in people}
    return [
        DemonstrationSignIn(username, names[username], role)
        for username, role in ROLES_IN_WORDS.items()
        if username in names
    ]
