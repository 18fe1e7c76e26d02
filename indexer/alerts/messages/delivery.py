"""How messages go out: the parts `mail`, `webhooks`, `recipients` and `base_url` of config/alerts.yaml."""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from indexer import configfile
from indexer.alerts.messages.recipients import Line, Mailbox, Recipient
from indexer.configfile import ConfigError

Platform = Literal["wecom", "dingtalk", "feishu", "json"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Secret(_Section):
    """Where a secret is read from when it is used: the environment or a file; never the YAML file itself."""

    env: str = Field(default="", pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$")
    file: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_elsewhere(cls, given: object) -> object:
        if not isinstance(given, dict | Secret):
            raise PydanticCustomError(configfile.SECRET, "expected env: NAME or file: PATH, not the secret itself")
        return given

    @model_validator(mode="after")
    def _is_one(self) -> "Secret":
        if bool(self.env) == bool(self.file):
            raise ValueError("expected either env: NAME or file: PATH")
        return self

    def read(self) -> str:
        """The secret. Raises ConfigError, which says where it was looked for and never what was found."""
        try:
            value = self.file.read_text(encoding="utf-8") if self.file else os.environ.get(self.env, "")
        except (OSError, UnicodeDecodeError):
            value = ""
        if not value.strip():
            raise ConfigError(f"no secret in {self.file or f'the environment ({self.env})'}")
        return value.strip()


class Mail(_Section):
    """The SMTP server. Its password is the environment's DUNWATCH_SMTP_PASSWORD and never in the file."""

    host: str = Field(min_length=1, max_length=253, pattern=r"^[\w.:-]+$")
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`none` only for a server on this machine. Certificates are always verified."""
    ca_file: Path | None = None
    """Certificates that the server's is checked against, where the system's don't do."""
    user: str = Field(default="", max_length=254)
    sender: Mailbox
    sender_name: Line = "dunwatch 预警"
    reply_to: Mailbox | None = None
    per_minute: int = Field(default=60, ge=1, le=10_000)
    """Most messages a minute."""
    timeout: float = Field(default=30, gt=0, le=120)
    """Seconds that connecting and each step of logging in may take."""

    @model_validator(mode="after")
    def _is_private(self) -> "Mail":
        if self.security == "none" and (self.user or not _on_this_machine(self.host)):
            raise ValueError("expected security: starttls or tls; none is for a server on this machine, without a user")
        return self


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Webhook(_Section):
    """A group's robot, or anything that takes JSON. Its address is a secret."""

    platform: Platform
    url: Secret
    signing: Secret | None = None
    """The key with which 钉钉 (加签) and 飞书 (签名校验) want messages signed."""
    timeout: float = Field(default=20, gt=0, le=120)

    @model_validator(mode="after")
    def _can_be_signed(self) -> "Webhook":
        if self.signing and self.platform not in ("dingtalk", "feishu"):
            raise ValueError("signing: only dingtalk and feishu take signed messages")
        return self


class Delivery(BaseModel):
    """How and to whom messages go. The model of the whole of config/alerts.yaml builds on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mail: Mail | None = None
    webhooks: dict[str, Webhook] = Field(default_factory=dict)
    recipients: tuple[Recipient, ...] = ()
    base_url: str = ""
    """Address of the web page as recipients reach it; links in messages begin with it."""

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ValueError("expected http(s)://host, as recipients reach the web page")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _fits_together(self) -> "Delivery":
        names = [recipient.name for recipient in self.recipients]
        for recipient in self.recipients:
            if names.count(recipient.name) > 1:
                raise ValueError(f"recipients: {recipient.name} is there twice")
            if recipient.mail and not self.mail:
                raise ValueError(f"recipients: {recipient.name} has a mailbox, but there is no section mail")
            if recipient.webhook and recipient.webhook not in self.webhooks:
                raise ValueError(f"recipients: {recipient.name}: no webhook {recipient.webhook} in webhooks")
        return self

    @classmethod
    def load(cls, config: Path) -> "Delivery":
        """This part of the folder's alerts.yaml; what else it holds is left to others. Raises ConfigError."""
        return configfile.load(config / "alerts.yaml", _OnlyDelivery)


class _OnlyDelivery(Delivery):
    model_config = ConfigDict(frozen=True, extra="ignore")
