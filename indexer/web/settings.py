"""The page of settings: what is configured, as it is understood, and what `dunwatch doctor` says of it.

Secrets are in the environment or in files of their own; whether each is there is told, never what it is.
"""

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from indexer.alerts.rules import Alerts
from indexer.commands import Place
from indexer.configfile import ConfigError
from indexer.doctor import Finding
from indexer.processes import command
from indexer.web.known import Known
from indexer.web.pages import Pages

SECRETS = {
    "DUNWATCH_KEY": "散列化名与联系方式的密钥（没有则用数据目录里的 secret.key）",
    "DUNWATCH_ES_API_KEY": "Elasticsearch 的 API 密钥",
    "DUNWATCH_ES_PASSWORD": "Elasticsearch 的密码",
    "DUNWATCH_REDIS_PASSWORD": "Redis 的密码",
    "DUNWATCH_SMTP_PASSWORD": "邮件服务器的密码",
}
PATIENCE = 60
"""Seconds that the check may take."""
FRESH = 60
"""Seconds for which its findings are shown again instead of looking once more."""


@dataclass(frozen=True)
class Secret:
    """A secret by its name, what it is for, and whether it is there."""

    name: str
    what: str
    there: bool


class SettingsPage:
    """Shows the configuration and has it checked."""

    def __init__(self, place: Place, known: Known, pages: Pages) -> None:
        self._place, self._known, self._pages = place, known, pages
        self._lock, self._findings, self._at = threading.Lock(), tuple[Finding, ...](), 0.0

    def show(self, request: Request) -> Response:
        """With `check` in the address, with what doctor finds."""
        try:
            alerts, wrong = Alerts.load(self._place.config), ""
        except ConfigError as error:
            alerts, wrong = None, str(error)
        return self._pages.show(
            "settings",
            settings=self._place.settings,
            config=self._place.config,
            data=self._place.data.path,
            alerts=alerts,
            wrong=wrong,
            secrets=list(secrets(alerts)),
            findings=self._checked() if "check" in request.query_params else None,
        )

    def _checked(self) -> tuple[Finding, ...]:
        """What doctor finds: a process of its own, as it reads what the page need not know of; one at a time."""
        with self._lock:
            if time.monotonic() - self._at > FRESH or not self._findings:
                self._findings, self._at = examined(self._place), time.monotonic()
            return self._findings


def examined(place: Place) -> tuple[Finding, ...]:
    """The findings of `dunwatch doctor`."""
    words = command("doctor", "--json", config=place.config, data=place.data.path)
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False, text=True
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return (Finding("doctor", True, f"检查没有完成：{type(error).__name__}"),)
    found = tuple(Finding(**json.loads(line)) for line in done.stdout.splitlines())
    return found or (Finding("doctor", True, done.stderr.strip()[-500:] or "检查没有结果"),)


def secrets(alerts: Alerts | None) -> Iterator[Secret]:
    """Those that dunwatch may be given, webhooks' addresses among them."""
    for name, what in SECRETS.items():
        yield Secret(name, what, bool(os.environ.get(name) or os.environ.get(f"{name}_FILE")))
    for name, webhook in (alerts.webhooks if alerts else {}).items():
        env, file = webhook.url.env, webhook.url.file
        there = bool(os.environ.get(env)) if env else file is not None and file.exists()
        yield Secret(env or str(file), f"群机器人 {name}（{webhook.platform}）的地址", there)
