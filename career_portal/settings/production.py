"""Settings of the ministry's installation. No secret has a default."""

from career_portal.common.object_storage import object_storage
from career_portal.settings import env
from career_portal.settings.base import *  # noqa: F403  a settings module is its base and changes
from career_portal.settings.base import BASE_DIR, MANIFEST_STORAGES

DEBUG = False
SECRET_KEY = env.secret("PORTAL_SECRET_KEY")
# The keys of private memos, the first one in use. Without them no memo can be opened again.
MEMO_KEYS = env.key_ring("PORTAL_MEMO_KEYS")
ALLOWED_HOSTS = env.names("PORTAL_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

# How links in mails begin.
PUBLIC_ADDRESS = env.text("PORTAL_PUBLIC_ADDRESS", default=f"https://{ALLOWED_HOSTS[0]}")

DATABASES = {"default": env.database("DATABASE_URL")}
CELERY_BROKER_URL = env.secret("REDIS_URL")

EMAIL_HOST = env.text("PORTAL_EMAIL_HOST")
EMAIL_PORT = env.number("PORTAL_EMAIL_PORT", default=587)
# STARTTLS, with the certificate verified. False only for a server on the same protected network.
EMAIL_USE_TLS = env.flag("PORTAL_EMAIL_TLS", default=True)
DEFAULT_FROM_EMAIL = env.text("PORTAL_EMAIL_FROM")
# Only a server that asks for a name also asks for a password.
EMAIL_HOST_USER = env.text("PORTAL_EMAIL_USER", default="")
if EMAIL_HOST_USER:
    EMAIL_HOST_PASSWORD = env.secret("PORTAL_EMAIL_PASSWORD")

STORAGES = dict(MANIFEST_STORAGES)
# Files lie in the directory below, or in a bucket where one is named.
if BUCKET := env.text("PORTAL_BUCKET", default=""):
    STORAGES["default"] = object_storage(
        bucket=BUCKET,
        endpoint=env.text("PORTAL_BUCKET_ENDPOINT", default=""),
        region=env.text("PORTAL_BUCKET_REGION", default=""),
        access_key=env.secret("PORTAL_BUCKET_ACCESS_KEY"),
        secret_key=env.secret("PORTAL_BUCKET_SECRET_KEY"),
    )
STATIC_ROOT = env.path("PORTAL_STATIC_ROOT", default=BASE_DIR / "staticfiles")
MEDIA_ROOT = env.path("PORTAL_MEDIA_ROOT", default=BASE_DIR / "media")

SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
MESSAGE_STORAGE = "career_portal.common.messages.HostFallbackStorage"

SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_SSL_REDIRECT = True
# Set only behind a proxy that removes this header from what visitors send.
TRUSTED_PROXY_HEADER = env.text("PORTAL_TRUSTED_PROXY_HEADER", default="")
if TRUSTED_PROXY_HEADER:
    SECURE_PROXY_SSL_HEADER = (
        "HTTP_" + TRUSTED_PROXY_HEADER.upper().replace("-", "_"),
        "https",
    )
# The header in which that proxy writes the visitor's address at the end, such as X-Forwarded-For.
CLIENT_ADDRESS_HEADER = env.text("PORTAL_CLIENT_ADDRESS_HEADER", default="")
