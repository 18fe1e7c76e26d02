"""Django's settings of a forum of Spirit in the current folder, where `spirit startproject site_of_spirit` made one."""

from pathlib import Path

from site_of_spirit.settings.dev import *  # noqa: F403

DEBUG = False
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path.cwd() / "forum.sqlite")}}
LANGUAGE_CODE, TIME_ZONE, USE_TZ = "zh-hans", "Asia/Shanghai", True
