"""Posts letters to webhooks: the robots of 企业微信, 钉钉 and 飞书, and whatever takes JSON.

The platforms answer HTTP 200 to what they refuse, with a code in the body: that code decides, not the status.
Addresses and keys are secrets: no answer, log or error repeats them.
"""

import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Mapping
from typing import Any

import requests

from indexer.alerts.messages.delivery import Webhook
from indexer.alerts.messages.sender import Answer, Unreachable
from indexer.configfile import ConfigError

# Its debug lines hold addresses.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

PER_MINUTE = 20
"""What the three platforms allow each robot."""
MOST_READ = 64 * 1024
"""Bytes of an answer that are read."""


class Webhooks:
    """A Sender. A letter's address is the name of a webhook in config/alerts.yaml."""

    per_minute = PER_MINUTE

    def __init__(self, webhooks: Mapping[str, Webhook]) -> None:
        self._webhooks = webhooks
        self._session: requests.Session | None = None

    def send(self, address: str, content: bytes) -> Answer:
        """Accepted is what the platform says that it took.

        What it refuses is tried again until it is given up: a robot that was removed, a keyword or a key that is
        wrong are mended by people, and the message with them. Raises Unreachable.
        """
        webhook = self._webhooks.get(address)
        if webhook is None:
            raise Unreachable(f"no webhook {address} in config/alerts.yaml")
        try:
            url, body = _signed(webhook, json.loads(content))
            status, answer = self._post(url, body, webhook.timeout)
        except ConfigError as error:
            raise Unreachable(f"{address}: {error}") from None
        except requests.RequestException as error:  # its text holds the address
            raise Unreachable(f"{address}: {_kind(error)}") from None
        if not 200 <= status < 300:
            return Answer("later", f"{address}: HTTP {status}")
        code, words = _verdict(webhook.platform, answer)
        return Answer("later", f"{address}: {code} {words}") if code else Answer("accepted", f"accepted by {address}")

    def close(self) -> None:
        session, self._session = self._session, None
        if session:
            session.close()

    def _post(self, url: str, body: dict[str, Any], timeout: float) -> tuple[int, bytes]:
        session = self._session = self._session or requests.Session()
        with session.post(url, json=body, timeout=(timeout, timeout), allow_redirects=False, stream=True) as response:
            return response.status_code, next(response.iter_content(MOST_READ), b"")


def _signed(webhook: Webhook, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Address and body with the signature that the platform wants: valid for minutes, so made when it is sent."""
    url = webhook.url.read()
    if not webhook.signing:
        return url, body
    key = webhook.signing.read()
    if webhook.platform == "feishu":  # the key signs nothing: HMAC of the empty string under "time\nkey"
        at = str(int(time.time()))
        sign = hmac.new(f"{at}\n{key}".encode(), b"", hashlib.sha256).digest()
        return url, {**body, "timestamp": at, "sign": base64.b64encode(sign).decode()}
    at = str(int(time.time() * 1000))
    sign = hmac.new(key.encode(), f"{at}\n{key}".encode(), hashlib.sha256).digest()
    query = {"timestamp": at, "sign": base64.b64encode(sign).decode()}
    return requests.Request("POST", url, params=query).prepare().url or url, body


def _verdict(platform: str, answer: bytes) -> tuple[int, str]:
    """The platform's code, 0 for accepted, and its words."""
    if platform == "json":
        return 0, ""
    try:
        said = json.loads(answer)
        code = said.get("errcode", said.get("code", said.get("StatusCode")))
        return int(code), str(said.get("errmsg", said.get("msg", "")))
    except (ValueError, TypeError, AttributeError):
        return -1, "an answer that isn't the platform's"


def _kind(error: requests.RequestException) -> str:
    """What went wrong, without the address."""
    names = {
        requests.exceptions.SSLError: "the certificate could not be verified",
        requests.exceptions.ProxyError: "the proxy failed",
        requests.exceptions.Timeout: "no answer in time",
        requests.exceptions.ConnectionError: "no connection",
    }
    return next((words for kind, words in names.items() if isinstance(error, kind)), type(error).__name__)
