"""A real SMTP server on loopback, with real TLS, that can greylist, refuse, and drop connections."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "dunwatch", 'pass word: %="$'


@dataclass(frozen=True)
class Received:
    """A message as the server took it over."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    encrypted: bool


class _Server(SMTP):
    """Drops as many connections in the middle of DATA as it is told to."""

    async def smtp_DATA(self, arg: str) -> None:
        handler: MailServer = self.event_handler
        if handler.drop > 0:
            handler.drop -= 1
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


@dataclass
class MailServer:
    """`at_rcpt` and `at_data` may answer instead of the server; `drop` connections are dropped in DATA."""

    folder: Path
    encryption: str = "starttls"
    auth: bool = True
    at_rcpt: Callable[[str], str | None] = lambda address: None
    at_data: Callable[[str], str | None] = lambda address: None
    drop: int = 0
    port: int = 0
    connections: int = 0
    received: list[Received] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.port = self.port or free_port()
        self.ca = trustme.CA()
        self.ca_file = self.folder / "ca.pem"
        self.ca.cert_pem.write_to_path(self.ca_file)

    def start(self) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.ca.issue_cert("localhost").configure_cert(context)
        words: dict[str, Any] = {"hostname": "localhost", "port": self.port, "server_hostname": "mail.example.com"}
        if self.encryption == "starttls":
            words |= {"tls_context": context, "require_starttls": True}
        elif self.encryption == "tls":
            words |= {"ssl_context": context}
        if self.auth:
            words |= {"authenticator": _authenticate, "auth_required": True}
            words["auth_require_tls"] = self.encryption != "tls"  # aiosmtpd counts only STARTTLS as TLS
        self._controller = _Controller(self, **words)
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def __enter__(self) -> "MailServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def config(self, **mail: Any) -> dict[str, Any]:
        """The section `mail` of alerts.yaml that fits this server."""
        usual = {
            "host": "localhost",
            "port": self.port,
            "security": self.encryption,
            "ca_file": str(self.ca_file),
            "user": USER if self.auth else "",
            "sender": "dunwatch@example.com",
            "timeout": 10,
        }
        return usual | mail

    def to(self, address: str) -> list[EmailMessage]:
        return [it.message for it in self.received if it.recipients == (address,)]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tried.append(address)
        if said := self.at_rcpt(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if said := self.at_data(envelope.rcpt_tos[0]):
            return said
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        encrypted = session.ssl is not None or self.encryption == "tls"
        self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), message, encrypted))
        return "250 taken"


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)


def free_port() -> int:
    with socket.socket() as probing:
        probing.bind(("localhost", 0))
        port: int = probing.getsockname()[1]
        return port
