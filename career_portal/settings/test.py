"""Settings of the tests: everything quick, Postgres and the broker real."""

import tempfile
from pathlib import Path

from career_portal.common.keys import derived_key
from career_portal.settings import env
from career_portal.settings.base import *  # noqa: F403  a settings module is its base and changes

SECRET_KEY = "only-for-tests-and-static-checks"
MEMO_KEYS = {"test": derived_key(SECRET_KEY, "private memos")}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PUBLIC_ADDRESS = "http://testserver"

# The type checker loads these settings where no server runs; the address is then never used.
DATABASES = {
    "default": env.database("DATABASE_URL", default="postgres://portal@127.0.0.1:5432/portal"),
}
CELERY_BROKER_URL = env.text("REDIS_URL", default="redis://127.0.0.1:6379/0")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = Path(tempfile.gettempdir()) / "career-portal-test-static"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

GALLERY_ENABLED = True
LOCAL_MAIL_ENABLED = True
DEMO_ACCOUNTS_ALLOWED = True
