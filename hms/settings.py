"""Settings. Everything specific to one hospital comes from the environment; see .env.example."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env", overwrite=False)

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set: `make setup` writes a .env with a fresh one.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "hms.core",
    "audit",
    "accounts",
    "scheduling",
    "clinical",
    "billing",
    "hms.advice",
    "hms.notifications",
    "hms.webhooks",
    "hms.jobs",
    "hms.reports",
    "hms.api",
    "hms.site",
    "hms.demo",
    "hms.site.apps.HospitalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_include_bootstrap",
    "django_htmx",
    "phonenumber_field",
    "import_export",
    "csp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "audit.middleware.AuditContextMiddleware",
    "hms.site.middleware.HeadMiddleware",
    "hms.api.middleware.ApiMiddleware",
    "hms.site.unavailable.UnavailableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "hms.site.middleware.MethodsMiddleware",
    "hms.site.public_cache.PublicCacheMiddleware",
    "hms.site.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hms.site.middleware.CompressionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.LoginMiddleware",
    "accounts.middleware.IdleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.RequireMfaMiddleware",
    "hms.site.middleware.PrivatePagesMiddleware",
    "hms.site.middleware.RefusalMiddleware",
    "hms.api.middleware.IdempotencyMiddleware",
]

ROOT_URLCONF = "hms.urls"
FINISH_BOOKING_URL = "billing:check-booking"  # the page after a time is held
RECORDS_URL = "site:records"  # the page that messages about records link to
WSGI_APPLICATION = "hms.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A template in `joined` extends the one of the same name and adds content of another app to the page.
        "DIRS": [BASE_DIR / "templates" / "joined", BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hms.site.context.hospital",
            ],
            "builtins": ["hms.core.templatetags.pictures"],
        },
    }
]

# --- Database -------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
_database["CONN_HEALTH_CHECKS"] = True
# For how long a change waits in all for others that lock the same rows (SQLite: the file).
DATABASE_LOCK_WAIT_SECONDS = env.int("DATABASE_LOCK_WAIT_SECONDS", default=20)
# For how long a statement may take; 0: without limit. gunicorn.conf.py sets it for pages, not for commands.
DATABASE_TIMEOUT_SECONDS = env.int("DATABASE_TIMEOUT_SECONDS", default=0)
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        # The write lock is taken at BEGIN, so a transaction never fails half-way because of a lock.
        "transaction_mode": "IMMEDIATE",
        "timeout": DATABASE_LOCK_WAIT_SECONDS,
        # Temporary journals stay in files: in memory, savepoints with triggers take quadratic time.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-32000;"
        ),
    }
elif _database["ENGINE"] == "django.db.backends.mysql":
    _database.setdefault("OPTIONS", {}).update(
        {
            "charset": "utf8mb4",
            "isolation_level": "read committed",
            "init_command": "SET sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY'"
            f", innodb_lock_wait_timeout={DATABASE_LOCK_WAIT_SECONDS}",
            "connect_timeout": 5,
        }
    )
    if DATABASE_TIMEOUT_SECONDS:
        _limits = dict.fromkeys(("read_timeout", "write_timeout"), DATABASE_TIMEOUT_SECONDS)
        _database["OPTIONS"].update(_limits)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all web processes, so that a rate limit counts once and not once per worker.
CACHES = {
    "default": {"BACKEND": "hms.core.kept_cache.KeptDatabaseCache", "LOCATION": "hms_cache"},
    # Parts of pages, by all that they show: in the memory of each process; never where templates are written.
    "template_fragments": {
        "BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}",
        "LOCATION": "template_fragments",
        "OPTIONS": {"MAX_ENTRIES": 3_000},
    },
}
# For how long public pages are answered again from memory, to visitors without any cookie; 0: never.
PUBLIC_CACHE_SECONDS = env.int("PUBLIC_CACHE_SECONDS", default=5)

# --- People and passwords -------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        # Also for logins with a second factor: it can be switched off later, when the length is unknown.
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.PredictablePasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/me/"
ACCOUNT_ADAPTER = "accounts.adapter.HospitalAccountAdapter"
ACCOUNT_FORMS = {"signup": "accounts.forms.SignUpForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="mandatory")
# Confirming in the browser used for sign-up logs in and continues to the page originally requested.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A hospital's staff share one network address, so limits per address are wide; the limits against
# guessing are per account. Counted in the database cache, which all web processes share.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "signup": "30/m/ip",
    # Single fields of patients' forms, checked when they are left: a form has up to 16.
    "field_check": "300/m/ip",
    "reset_password": "20/m/ip,5/m/key",
}
# How long a browser in which somebody logged in counts its own wrong passwords.
KNOWN_BROWSER_DAYS = env.int("KNOWN_BROWSER_DAYS", default=180)
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "accounts.mfa.HospitalMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = env.str("HOSPITAL_NAME", default="Sanjeevani Hospital")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_REQUIRED_ROLES = env.list("MFA_REQUIRED_ROLES", default=[])
USERSESSIONS_TRACK_ACTIVITY = False
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
# The largest table that the staff site takes in.
IMPORTS = {
    "rows": env.int("IMPORT_ROWS", default=1_000),
    "megabytes": env.int("IMPORT_MB", default=2),
}

# --- The hospital ---------------------------------------------------------------------------
HOSPITAL = {
    "name": env.str("HOSPITAL_NAME", default="Sanjeevani Hospital"),
    "address": env.str("HOSPITAL_ADDRESS", default="14 Residency Road, Bengaluru 560025"),
    "phone": env.str("HOSPITAL_PHONE", default="+91 80 4000 1200"),
    "emergency_phone": env.str("HOSPITAL_EMERGENCY_PHONE", default="108"),
    # Shown to whoever writes of suicide; empty: none.
    "crisis_line": env.str("HOSPITAL_CRISIS_LINE", default="14416"),
    "crisis_line_name": env.str("HOSPITAL_CRISIS_LINE_NAME", default="Tele-MANAS"),
    "email": env.str("HOSPITAL_EMAIL", default="help@demo.example"),
}
# Where patients find the site, for links in messages: https://hospital.example; empty: none are written.
SITE_ADDRESS = env.str("SITE_ADDRESS", default="")
BOOKING = {
    "horizon_days": env.int("BOOKING_HORIZON_DAYS", default=30),
    "notice_minutes": env.int("BOOKING_NOTICE_MINUTES", default=30),
    "hold_minutes": env.int("BOOKING_HOLD_MINUTES", default=10),
    "cancel_notice_minutes": env.int("BOOKING_CANCEL_NOTICE_MINUTES", default=120),
    "upcoming_per_patient": env.int("BOOKING_UPCOMING_PER_PATIENT", default=6),
    "upcoming_per_login": env.int("BOOKING_UPCOMING_PER_LOGIN", default=20),
    "per_login_doctor_and_day": env.int("BOOKING_PER_LOGIN_DOCTOR_AND_DAY", default=4),
    "holds_per_login": env.int("BOOKING_HOLDS_PER_LOGIN", default=3),
    # Doctors move, cancel and book on their own days and enter leave; else they ask the front desk to do it.
    "doctors_manage": env.bool("BOOKING_DOCTORS_MANAGE", default=True),
    "no_show_hours": env.int("BOOKING_NO_SHOW_HOURS", default=12),
    # What is asked of patients with so many no-shows in so many days; 0: nothing.
    "no_show_limit": env.int("BOOKING_NO_SHOW_LIMIT", default=0),
    "no_show_days": env.int("BOOKING_NO_SHOW_DAYS", default=180),
    "after_no_shows": env.str("BOOKING_AFTER_NO_SHOWS", default="prepay"),
}
QUEUE = {
    # Minutes by which a doctor is late when those who wait or are to come soon are told, once for each.
    "late_minutes": env.list("QUEUE_LATE_MINUTES", cast=int, default=[20, 40]),
    "tell_ahead_minutes": env.int("QUEUE_TELL_AHEAD_MINUTES", default=180),
}
CHECK_IN = {
    # How often one reference may be tried a day, and one network a minute, by those who check in themselves.
    "tries_a_day": env.int("CHECK_IN_TRIES_A_DAY", default=10),
    "tries_a_minute": env.int("CHECK_IN_TRIES_A_MINUTE", default=60),
}
VIDEO = {
    # The class that knows the address of a room, and where its rooms are.
    "rooms": env.str("VIDEO_ROOMS", default="scheduling.video.JitsiRooms"),
    "address": env.str("VIDEO_ADDRESS", default="https://meet.jit.si/"),
    "opens_minutes": env.int("VIDEO_OPENS_MINUTES", default=10),
    "closes_minutes": env.int("VIDEO_CLOSES_MINUTES", default=60),
}
# The waiting list, and visits that a leave puts outside working hours.
WAITING = {
    "entries_per_patient": env.int("WAITING_ENTRIES_PER_PATIENT", default=3),
    # How long a time is held for somebody who waits; what is offered at night is held from the morning on.
    "offer_minutes": env.int("WAITING_OFFER_MINUTES", default=15),
    "answers_from_hour": env.int("WAITING_ANSWERS_FROM_HOUR", default=8),
    "answers_until_hour": env.int("WAITING_ANSWERS_UNTIL_HOUR", default=21),
    "unanswered_offers": env.int("WAITING_UNANSWERED_OFFERS", default=3),  # after which an entry ends
    # How long another time is held for a visit outside working hours, at most until hours before that time.
    "cascade_hours": env.int("WAITING_CASCADE_HOURS", default=24),
    "cascade_until_hours_before": env.int("WAITING_CASCADE_UNTIL_HOURS_BEFORE", default=2),
}
CLINICAL = {
    "emergency_access_minutes": env.int("EMERGENCY_ACCESS_MINUTES", default=60),
}
LABORATORY = {
    # After these hours a result that its doctor has not acknowledged goes to the head of the department too.
    "acknowledge_hours": env.int("LABORATORY_ACKNOWLEDGE_HOURS", default=24),
}
# How often an hour one network may ask whether documents are genuine.
VERIFY_ATTEMPTS_AN_HOUR = env.int("VERIFY_ATTEMPTS_AN_HOUR", default=60)
# Days: how long before the visit an illness may have begun, the longest absence, and how long after the
# visit a certificate about it may still be issued.
CERTIFICATES = {
    "backdate_days": env.int("CERTIFICATE_BACKDATE_DAYS", default=3),
    "longest_days": env.int("CERTIFICATE_LONGEST_DAYS", default=180),
    "issue_within_days": env.int("CERTIFICATE_ISSUE_WITHIN_DAYS", default=30),
}
# What one person may refund of one payment; a second one approves more.
REFUND_LIMIT = env.int("REFUND_LIMIT", default=10_000)  # rupees
# The gateway for online payments; empty: patients pay at the front desk only.
ONLINE_GATEWAY = env.str("ONLINE_GATEWAY", default="")

# --- The REST API ---------------------------------------------------------------------------
API = {
    # Other sites whose pages may call it: https://clinic.example; empty: none.
    "cors_origins": env.list("API_CORS_ORIGINS", default=[]),
    "requests_a_minute_of_a_login": env.int("API_REQUESTS_A_MINUTE_OF_A_LOGIN", default=600),
    "requests_a_minute_of_an_address": env.int("API_REQUESTS_A_MINUTE_OF_AN_ADDRESS", default=3_000),
    "answers_kept_hours": env.int("API_ANSWERS_KEPT_HOURS", default=24),
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["hms.api.throttling.AddressThrottle", "hms.api.throttling.LoginThrottle"],
    "DEFAULT_PARSER_CLASSES": ["hms.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "hms.api.parsing.AlwaysJson",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "hms.api.paging.Pages",
    "PAGE_SIZE": 20,
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "hms.api.errors.answer",
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.int("API_ACCESS_MINUTES", default=10)),
    "REFRESH_TOKEN_LIFETIME": timedelta(minutes=env.int("API_REFRESH_MINUTES", default=24 * 60)),
    "SIGNING_KEY": sha256(f"hms.api.tokens {SECRET_KEY}".encode()).hexdigest(),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hospital API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "BookingStatus": "scheduling.statuses.AppointmentStatus",
        "InvoiceStatus": "billing.statuses.InvoiceStatus",
        "TransactionStatus": "billing.statuses.TransactionStatus",
        "RefundStatus": "billing.statuses.RefundStatus",
        "PaymentMethod": "billing.statuses.Method",
        "PaymentGateway": "billing.statuses.GatewayCode",
        "ApprovalStatus": "accounts.statuses.ApprovalStatus",
        "PrescriptionStatus": "clinical.statuses.PrescriptionStatus",
        "PatientGender": "accounts.models.Gender",
        "VisitKind": "scheduling.statuses.VisitKind",
        "VisitMode": "scheduling.statuses.VisitMode",
        "Role": "accounts.roles.Role",
        "WebhookStatus": "hms.webhooks.statuses.EndpointStatus",
        "WebhookTopic": "hms.webhooks.statuses.TOPICS",
        "WebhookEvent": "hms.webhooks.statuses.Event",
        "WhyDisabled": "hms.webhooks.statuses.WhyDisabled",
        "DeliveryStatus": "hms.webhooks.statuses.DeliveryStatus",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "hms.api.schema.add_what_every_operation_has",
    ],
}

# --- Language, time, files ------------------------------------------------------------------
# Dates are written day first; Django has no formats for "en-in".
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Kolkata")
USE_I18N = True
FORMAT_MODULE_PATH = "hms.formats"
USE_TZ = True
PHONENUMBER_DEFAULT_REGION = env.str("PHONE_REGION", default="IN")
PHONENUMBER_DB_FORMAT = "E164"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "hms.core.static_files.FilesOfApps",
]
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "media")))
MEDIA_URL = "media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "hms.core.stylesheets.JoinedStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# Files in patients' records: sent by a view that checks who asks, never by a web server. `scanner` is clamd,
# as unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310; empty: none.
CLINICAL_FILES = {
    "root": Path(env.str("CLINICAL_FILES_ROOT", default=str(BASE_DIR / "private" / "clinical"))),
    "largest_mb": env.int("CLINICAL_FILE_MB", default=10),
    "megapixels": env.int("CLINICAL_PICTURE_MEGAPIXELS", default=50),
    "per_patient": env.int("CLINICAL_FILES_PER_PATIENT", default=300),
    "scanner": env.str("CLINICAL_FILES_SCANNER", default=""),
}
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Mail -----------------------------------------------------------------------------------
_mail = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = (
    _mail["EMAIL_BACKEND"],
    _mail.get("EMAIL_HOST") or "",
    _mail.get("EMAIL_PORT") or 25,
)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
    _mail.get("EMAIL_HOST_USER") or "",
    _mail.get("EMAIL_HOST_PASSWORD") or "",
)
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=HOSPITAL["email"])
# The hour of the morning from which scheduled reports are written.
REPORTS = {"hour": env.int("REPORTS_HOUR", default=6)}
NOTIFICATIONS = {
    # Days for which the text of a sent notification is kept; the row itself stays.
    "keep_text_days": env.int("NOTIFICATION_TEXT_DAYS", default=30),
    # Hours before a visit at which people are reminded of it, for example 168, 48, 24, 2.
    "reminder_hours": env.list("REMINDER_HOURS", cast=int, default=[24, 1]),
    # Between these hours nothing is sent that can wait; the same hour twice: no quiet hours.
    "quiet_from": env.int("QUIET_FROM", default=21),
    "quiet_until": env.int("QUIET_UNTIL", default=8),
    # Whether messages name the speciality of a doctor, which says something about the illness.
    "names_speciality": env.bool("MESSAGES_NAME_SPECIALITY", default=False),
    # Whether patients are asked for a review on the day after a visit.
    "asks_for_reviews": env.bool("ASK_FOR_REVIEWS", default=True),
    # The class that sends the messages of each channel.
    "senders": {
        "email": "hms.notifications.channels.mail.MailSender",
        "sms": env.str("SMS_SENDER", default="hms.notifications.channels.sms.ConsoleSender"),
    },
}
# A provider that takes SMS by HTTP: its address, the key, the registered name of the sender and, in India,
# the number under which the hospital is registered (DLT).
SMS = {
    "url": env.str("SMS_URL", default=""),
    "key": env.str("SMS_KEY", default=""),
    "sender": env.str("SMS_SENDER_NAME", default=""),
    "entity_id": env.str("SMS_DLT_ENTITY", default=""),
    "timeout_seconds": env.int("SMS_TIMEOUT_SECONDS", default=10),
}

# --- Webhooks -------------------------------------------------------------------------------
WEBHOOKS = {
    # Also addresses inside the network of the hospital, and those by http.
    "allow_inside": env.bool("WEBHOOKS_ALLOW_INSIDE", default=False),
    "keep_days": env.int("WEBHOOKS_KEEP_DAYS", default=30),
}

# --- The log --------------------------------------------------------------------------------
AUDIT_KEYS = env.list("AUDIT_KEYS", default=[])
AUDIT_CHECKPOINTS_FILE = env.str("AUDIT_CHECKPOINTS_FILE", default="")
AUDIT_CHECKPOINTS_TO = env.list("AUDIT_CHECKPOINTS_TO", default=[])
# The longest time between writing a log entry and committing it.
AUDIT_LOOKBACK_HOURS = env.int("AUDIT_LOOKBACK_HOURS", default=24)
AUDIT_TRIGGERS = env.bool("AUDIT_TRIGGERS", default=True)
AUDIT_ARCHIVE_DIR = env.str("AUDIT_ARCHIVE_DIR", default=str(BASE_DIR / "archive"))
# Years for which entries are kept, by category.
AUDIT_RETENTION = {"writes": 8, "reads": 8, "logins": 8} | env.dict(
    "AUDIT_RETENTION", cast={"value": int}, default={}
)

# Thresholds of anomalies; see audit.anomalies.
AUDIT_ANOMALIES = {
    # Different patients whose records one person opens within an hour. More than one a minute is unusual
    # except at the front desk, where the desk_roles register, check in and take payments.
    "opened_an_hour": env.int("ANOMALY_OPENED_AN_HOUR", default=60),
    "opened_at_desk_an_hour": env.int("ANOMALY_OPENED_AT_DESK_AN_HOUR", default=150),
    "desk_roles": env.list("ANOMALY_DESK_ROLES", default=["receptionist", "billing_clerk"]),
    # Different patients in lists, searches and exports within an hour: twenty pages of the longest lists.
    "listed_an_hour": env.int("ANOMALY_LISTED_AN_HOUR", default=1000),
    "refused_an_hour": env.int("ANOMALY_REFUSED_AN_HOUR", default=5),
    # What one login of a patient or carer does in a day: people added to the family or ended, and visits
    # booked or held that were given up again.
    "in_care_a_day": env.int("ANOMALY_IN_CARE_A_DAY", default=4),
    "released_a_day": env.int("ANOMALY_RELEASED_A_DAY", default=6),
    # Working hours of all roles except the night_roles.
    "day_begins": env.str("ANOMALY_DAY_BEGINS", default="07:00"),
    "day_ends": env.str("ANOMALY_DAY_ENDS", default="21:00"),
    "night_roles": env.list("ANOMALY_NIGHT_ROLES", default=["doctor", "nurse"]),
}

# --- Security -------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": ["/csp-reports/"],
    }
}
# What browsers offer and no page of ours uses; second factors may be keys.
PERMISSIONS_POLICY = ", ".join(
    [
        *[
            f"{feature}=()"
            for feature in (
                "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid",
                "magnetometer", "microphone", "midi", "payment", "serial", "usb",
            )
        ],
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)  # fmt: skip
HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # load balancers ask without TLS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-hms-session" if HTTPS else "hms-session"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600
# After so many minutes without a request a login ends; 0: never.
SESSION_IDLE_MINUTES = {
    "staff": env.int("SESSION_IDLE_MINUTES", default=30),
    "patients": env.int("SESSION_IDLE_MINUTES_OF_PATIENTS", default=120),
}
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hms.site.login_ended.refuse_form"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# allauth has three conditional indexes, which MariaDB does not support; its forms check the same.
# tests/architecture/test_constraints.py refuses any other.
SILENCED_SYSTEM_CHECKS = ["models.W036"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "audit.capture.context.RequestIdFilter"},
        "one_line": {"()": "hms.core.logs.RefusalsInOneLine"},
        "keys_left_out": {"()": "hms.core.logs.KeysLeftOut"},
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s request=%(request_id)s %(message)s"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id", "one_line", "keys_left_out"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}
