"""The local stack for drills with feedback sheets: what is lost is looked for after seconds, not minutes."""

from datetime import timedelta

from career_portal.settings.local import *  # noqa: F403, TID251  a settings module is its base and changes
from career_portal.settings.local import CELERY_BROKER_TRANSPORT_OPTIONS  # noqa: TID251

SHEET_SILENCE = timedelta(seconds=4)
SHEETS_LOOKED_AFTER_EVERY = timedelta(seconds=1)
CELERY_BROKER_TRANSPORT_OPTIONS = {**CELERY_BROKER_TRANSPORT_OPTIONS, "visibility_timeout": 8}
