"""The private stack that ``manage.py up`` starts; the launcher sets the variables read here."""

from career_portal.common.keys import derived_key
from career_portal.settings import env
from career_portal.settings.base import *  # noqa: F403  a settings module is its base and changes
from career_portal.settings.base import MANIFEST_STORAGES

DATA_DIR = env.path("PORTAL_DATA_DIR")
DEBUG = env.flag("PORTAL_DEBUG", default=False)
SECRET_KEY = env.secret("PORTAL_SECRET_KEY")
MEMO_KEYS = {"local": derived_key(SECRET_KEY, "private memos")}
ALLOWED_HOSTS = env.names("PORTAL_ALLOWED_HOSTS", default="127.0.0.1,localhost,[::1]")

DATABASES = {"default": env.database("DATABASE_URL")}
CELERY_BROKER_URL = env.secret("REDIS_URL")

# How links in mails begin.
PUBLIC_ADDRESS = env.text("PORTAL_PUBLIC_ADDRESS", default="http://127.0.0.1:8000")

STORAGES = MANIFEST_STORAGES
STATIC_ROOT = env.path("PORTAL_STATIC_ROOT", default=DATA_DIR / "static")
MEDIA_ROOT = env.path("PORTAL_MEDIA_ROOT", default=DATA_DIR / "media")

# Mails stay in the database and are shown at /local/mail/.
EMAIL_BACKEND = "career_portal.mail.backends.LocalMailbox"
LOCAL_MAIL_ENABLED = True
GALLERY_ENABLED = True
DEMO_ACCOUNTS_ALLOWED = True
DEMO_PASSWORD = env.secret("PORTAL_DEMO_PASSWORD", default="")
