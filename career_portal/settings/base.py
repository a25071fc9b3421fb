"""What holds everywhere. Differences only stand in local, test and production."""

from datetime import timedelta
from pathlib import Path

import pghistory
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parents[2]

INSTALLED_APPS = [
    "career_portal.common",
    "career_portal.design",
    "career_portal.audit",
    "career_portal.mail",
    "career_portal.staff",
    "career_portal.skills",
    "postings",
    "surveys",
    "interviews",
    "career_portal.home",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "axes",
    "crispy_forms",
    "csp",
    "pghistory",
    "pgtrigger",
]

MIDDLEWARE = [
    "career_portal.common.health.HealthMiddleware",
    "career_portal.common.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "career_portal.common.middleware.PrivatePagesMiddleware",
    "career_portal.common.sessions.ProlongingSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "career_portal.staff.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "career_portal.audit.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "career_portal.urls"
WSGI_APPLICATION = "career_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "career_portal.home.context.navigation",
                "postings.choosing.post_choices",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["portal"]
CRISPY_TEMPLATE_PACK = "portal"

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MANIFEST_STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# People and sign-in -----------------------------------------------------------------------------

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "career_portal.staff.backends.LocalAccountBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "career_portal.staff.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "career_portal.staff.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# allauth counts in the cache, which may be gone; axes counts in the database.
ACCOUNT_RATE_LIMITS = False

AXES_HANDLER = "career_portal.staff.throttle.SignInThrottle"
# Name and address together: a stranger elsewhere cannot lock a person out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
# Trying again while locked does not lock for longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "career_portal.staff.throttle.typed_name"
AXES_CLIENT_IP_CALLABLE = "career_portal.staff.throttle.client_address"
AXES_LOCKOUT_CALLABLE = "career_portal.staff.throttle.locked_out_response"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "ip_address", "next", "csrfmiddlewaretoken"]
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
# From here on an address may only use names that have signed in from it before.
SIGN_IN_ADDRESS_FAILURE_LIMIT = 200
SIGN_IN_LOG_DAYS = 366
# The header in which our own proxy names the visitor; empty: no proxy stands before the portal.
CLIENT_ADDRESS_HEADER = ""

# A session ends eight hours after the last request and twelve after sign-in, or with the browser.
SESSION_ENGINE = "career_portal.common.sessions"
SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())
SESSION_ABSOLUTE_AGE = timedelta(hours=12)
SESSION_PROLONG_EVERY = timedelta(minutes=10)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "career_portal.staff.views.refusals.csrf_failure"

# Change history: every insert, change and deletion of a tracked row, by database triggers.
PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)
PGHISTORY_APPEND_ONLY = True

# Taking one's own data along: each gives the files about a person that its app holds.
OWN_DATA_PROVIDERS = [
    "career_portal.staff.own_data.files",
    "postings.own_data.files",
    "surveys.own_data.files",
    "interviews.records.own_data.files",
    "career_portal.home.own_reads.files",
]

# What pages about posts show and offer besides: each asks for the person who looks.
POST_ACTION_PROVIDERS = ["surveys.matching.beside_posts.hope_action"]
POST_PANEL_PROVIDERS = ["surveys.matching.beside_posts.reasons_panel"]

# What the task list of a form shows besides, to its writer alone.
FORM_PANEL_PROVIDERS = ["interviews.records.beside_surveys.actions_panel"]

# Headers ----------------------------------------------------------------------------------------

SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF],
        "manifest-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "display-capture": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}

# Caches and jobs --------------------------------------------------------------------------------

# Each process keeps its own: no page may depend on Redis being alive.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# In kB: a process that has grown beyond it, as by a large export, is replaced after its task.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 250_000
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A lost task returns after the visibility timeout, which must exceed the longest task. The sweep
# that returns it looks only about every 100 seconds unless told otherwise.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 660,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
}
# A request that starts a job waits a moment at most when Redis is down.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}

# Mail -------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = "キャリアポータル <career-portal@example.go.jp>"
# Seconds that a mail server may be silent.
EMAIL_TIMEOUT = 10
# Sent mails are kept that long, in case somebody asks what went out.
MAIL_KEPT_DAYS = 90

# Nobody fills the disk by uploading.
FILE_UPLOAD_HANDLERS = [
    "career_portal.common.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# So long a file that HR ordered can be fetched.
EXPORT_KEPT_HOURS = 24

# A worker that makes a feedback sheet and was not heard of for so long is dead; a sheet takes a second or two.
SHEET_SILENCE = timedelta(seconds=30)
# How often somebody looks for sheets whose worker or whose task is lost.
SHEETS_LOOKED_AFTER_EVERY = timedelta(seconds=30)

# What only some stacks show ---------------------------------------------------------------------

GALLERY_ENABLED = False
LOCAL_MAIL_ENABLED = False
DEMO_ACCOUNTS_ALLOWED = False
DEMO_PASSWORD = ""

# Logs -------------------------------------------------------------------------------------------

DEFAULT_EXCEPTION_REPORTER_FILTER = "career_portal.common.logging.SilentReporterFilter"
# Celery would put a format of its own over this one.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "career_portal.common.logging.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Sign-ins have log lines of our own.
        "axes": {"level": "ERROR"},
    },
}
