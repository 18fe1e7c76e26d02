"""Django's settings of a forum of django-machina in the current folder."""

from pathlib import Path

from machina import MACHINA_MAIN_STATIC_DIR, MACHINA_MAIN_TEMPLATE_DIR

HERE = Path.cwd()
SECRET_KEY = "of a forum that lives for one test"
ALLOWED_HOSTS = ["127.0.0.1"]
DEBUG = False
ROOT_URLCONF = "urls_machina"
INSTALLED_APPS = [
    *(f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages", "staticfiles", "humanize")),
    *("mptt", "haystack", "widget_tweaks", "machina", "machina.apps.forum", "machina.apps.forum_conversation"),
    *(f"machina.apps.forum_conversation.forum_{name}" for name in ("attachments", "polls")),
    *(f"machina.apps.forum_{name}" for name in ("feeds", "moderation", "search", "tracking", "member", "permission")),
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "machina.apps.forum_permission.middleware.ForumPermissionMiddleware",
]
_CONTEXT = ("auth.context_processors.auth", "messages.context_processors.messages")
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [MACHINA_MAIN_TEMPLATE_DIR],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                *(f"django.contrib.{name}" for name in _CONTEXT),
                "django.template.context_processors.request",
                "machina.core.context_processors.metadata",
            ],
        },
    }
]
STATIC_URL, STATICFILES_DIRS = "/static/", [MACHINA_MAIN_STATIC_DIR]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(HERE / "forum.sqlite")}}
_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {"default": _MEMORY, "machina_attachments": {**_MEMORY, "LOCATION": "attachments"}}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LANGUAGE_CODE, TIME_ZONE, USE_TZ = "zh-hans", "Asia/Shanghai", True
MACHINA_MARKUP_LANGUAGE = None
MACHINA_DEFAULT_AUTHENTICATED_USER_FORUM_PERMISSIONS = ["can_see_forum", "can_read_forum"]
MACHINA_TOPIC_POSTS_NUMBER_PER_PAGE = 10
MACHINA_FORUM_TOPICS_NUMBER_PER_PAGE = 3
