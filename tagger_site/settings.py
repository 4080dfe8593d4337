"""The one settings file. Every value that differs between installations comes from a variable of README “Settings”."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from tagger_site import VERSION as VERSION  # noqa: PLC0414 - a setting too
from tagger_site import env
from tagger_site.secret import read_or_make_key

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

# What an installation says
TAGGER_DATA_DIR = env.folder("TAGGER_DATA_DIR", BASE_DIR / "data")
DEBUG = env.flag("TAGGER_DEBUG", default=False)
ALLOWED_HOSTS = env.words("TAGGER_ALLOWED_HOSTS", ("127.0.0.1", "localhost"))
TAGGER_ORIGINS = env.words("TAGGER_ORIGINS")
TAGGER_PRODUCTION = env.flag("TAGGER_PRODUCTION", default=bool(set(ALLOWED_HOSTS) - set(env.LOOPBACK)))
TAGGER_TLS = env.flag("TAGGER_TLS", default=TAGGER_PRODUCTION)
TAGGER_TRUST_PROXY = env.flag("TAGGER_TRUST_PROXY", default=False)
TAGGER_MAX_PIXELS = env.whole("TAGGER_MAX_PIXELS", 120_000_000)
TAGGER_MAX_BYTES = env.whole("TAGGER_MAX_BYTES", 512 * 2**20)
TAGGER_SYNCHRONOUS = env.choice("TAGGER_SYNCHRONOUS", ("NORMAL", "FULL"))
TAGGER_LOG_LEVEL = env.choice("TAGGER_LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR"))
TAGGER_LOG = env.choice("TAGGER_LOG", ("text", "json"))

if any("*" in host for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("TAGGER_ALLOWED_HOSTS names whole hosts; * would let any site speak to this one.")
if TAGGER_PRODUCTION and DEBUG:
    raise ImproperlyConfigured("TAGGER_DEBUG=1 shows code and settings to visitors; production refuses it.")
SECRET_KEY = read_or_make_key(TAGGER_DATA_DIR, strict=TAGGER_PRODUCTION)

INSTALLED_APPS = [
    "tagging",  # first: its commands stand before Django's and daphne's of the same name
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "axes",
    "django_htmx",
]
MIDDLEWARE = [
    "tagging.middleware.RequestId",
    "tagging.middleware.PackedPages",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tagger_site.static_files.StaticFiles",
    "tagging.middleware.BodyLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tagging.middleware.SignedIn",
    "tagging.middleware.Problems",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "tagger_site.urls"
ASGI_APPLICATION = "tagger_site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["tagging.templatetags.tagging"],
        },
    }
]

# Database
_database = env.database(TAGGER_DATA_DIR)
_sqlite = _database.engine.endswith("sqlite3")
_options: dict[str, Any] = (
    {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={TAGGER_SYNCHRONOUS}; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-8000; PRAGMA mmap_size=134217728;",  # each thread that answers has its own cache
    }
    if _sqlite
    else {"options": "-c lock_timeout=20s"}
)
DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": _database.engine,
        "NAME": _database.name,
        "USER": _database.user,
        "PASSWORD": _database.password,
        "HOST": _database.host,
        "PORT": _database.port,
        "CONN_MAX_AGE": 0,
        "OPTIONS": _options,
        "ATOMIC_REQUESTS": False,
        # A file also for tests: browsers, sockets and commands are other threads and processes.
        "TEST": {"NAME": str(TAGGER_DATA_DIR / "test.sqlite3")} if _sqlite else {},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# People
AUTH_USER_MODEL = "tagging.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "tagging:login"
LOGIN_REDIRECT_URL = "tagging:dataset_list"
LOGOUT_REDIRECT_URL = "tagging:login"
AXES_HANDLER = "tagging.throttle.Throttle"
AXES_CLIENT_IP_CALLABLE = "tagging.throttle.client_address"
AXES_FAILURE_LIMIT = 10  # of one name from one address; an address alone may fail twice as often
AXES_COOLOFF_TIME = 0.25  # hours: nobody is locked out for good
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "tagging.views.problems.too_many_tries"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False

# Cookies have names of our own: another Django site on the same host must not sign us out.
SESSION_COOKIE_NAME = "tagger_session"
CSRF_COOKIE_NAME = "tagger_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TAGGER_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_TRUSTED_ORIGINS = TAGGER_ORIGINS
CSRF_FAILURE_VIEW = "tagging.views.problems.csrf_failed"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Over plain http browsers ignore it, and complain under any name but localhost.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if TAGGER_TLS else None
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = TAGGER_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if TAGGER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TAGGER_TLS
if TAGGER_TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Requests. A bulk act sends a query, not its images, so the usual limit of 1,000 fields stays.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
TAGGER_MAX_BODY = 2 * 2**20

# Text and time
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "tagging.storage.OriginalStorage"},
    "staticfiles": {"BACKEND": "tagger_site.static_files.VersionedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 300

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "tagging.request_id.RequestIdFilter"},
        "without_tokens": {"()": "tagger_site.logs.WithoutTokens"},
        "without_traceback": {"()": "tagger_site.logs.WithoutTraceback"},
    },
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "json": {"()": "tagger_site.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": TAGGER_LOG,
            "filters": ["request_id", "without_tokens"],
        },
    },
    "root": {"handlers": ["stderr"], "level": TAGGER_LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": TAGGER_LOG_LEVEL, "propagate": False},
        "django.security.DisallowedHost": {"filters": ["without_traceback"], "level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "asyncio": {"level": "WARNING"},
    },
}
