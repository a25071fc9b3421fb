"""Seals all private memos with the first key of the ring."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from interviews.records.memo_services import reseal_memos


class Command(BaseCommand):
    """`manage.py rotate_memo_keys`: after it the other keys of PORTAL_MEMO_KEYS can be taken away."""

    help = (
        "Seals every private memo with the first key of PORTAL_MEMO_KEYS. Put the new key first, keep the old ones "
        "behind it, restart, run this, then take the old ones away."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal anew, and fail where a memo could not be opened."""
        rotation = reseal_memos()
        self.stdout.write(f"{rotation.resealed} memos sealed with the first key.")
        if rotation.broken:
            numbers = ", ".join(map(str, rotation.broken))
            raise CommandError(
                f"{len(rotation.broken)} memos could not be opened and stay as they are: {numbers}. "
                "Keep every key."
            )
