"""Sends letters by SMTP: verified TLS, one connection for a batch, and answers told apart by what they mean."""

import os
import smtplib
import ssl
from contextlib import suppress

from indexer.alerts.messages.delivery import Mail
from indexer.alerts.messages.sender import Answer, Unreachable

PASSWORD = "DUNWATCH_SMTP_PASSWORD"
PATIENCE = 600.0
"""Seconds for an answer once connected: a server that checks a message may take so long, and who hangs up before it
answers sends twice (RFC 5321, 4.5.3.2)."""
_CLOSING = 421
"""The reply of a server that closes the connection, whatever was asked (RFC 5321, 3.8)."""


class Smtp:
    """A Sender. Each letter goes to its one recipient, so that an answer concerns nobody else."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self._server: smtplib.SMTP | None = None
        self.per_minute = mail.per_minute

    def send(self, address: str, content: bytes) -> Answer:
        """Accepted is what the server took over; refused what it won't take for this recipient (5xx).

        Raises Unreachable where the fault isn't this letter's: no connection, no TLS, wrong password, sender refused.
        """
        server = self._server or self._connect()
        self._server = server
        try:
            server.sendmail(self._mail.sender, [address], content)
        except smtplib.SMTPRecipientsRefused as error:
            return self._refused(*error.recipients[address])
        except smtplib.SMTPSenderRefused as error:
            self.close()
            raise Unreachable(f"sender refused: {_words(error.smtp_code, error.smtp_error)}") from None
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:  # dropped or timed out: maybe this letter, maybe the server
            self.close()
            return Answer("later", f"connection lost: {error}")
        return Answer("accepted", f"accepted by {self._mail.host}")

    def close(self) -> None:
        server, self._server = self._server, None
        if server:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _refused(self, code: int, words: bytes | str) -> Answer:
        if code == _CLOSING or code < 400:
            self.close()
            raise Unreachable(_words(code, words))
        return Answer("refused" if code >= 500 else "later", _words(code, words))

    def _connect(self) -> smtplib.SMTP:
        mail = self._mail
        try:
            context = ssl.create_default_context(cafile=mail.ca_file)
            domain = mail.sender.rpartition("@")[2]
            if mail.security == "tls":
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    mail.host, mail.port, local_hostname=domain, timeout=mail.timeout, context=context
                )
            else:
                server = smtplib.SMTP(mail.host, mail.port, local_hostname=domain, timeout=mail.timeout)
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"{mail.host}:{mail.port}: {_said(error)}") from None
        try:
            if mail.security == "starttls":
                server.starttls(context=context)
            if mail.user:
                server.login(mail.user, os.environ.get(PASSWORD, ""))
        except UnicodeError:  # smtplib's, whose limit this is
            server.close()
            raise Unreachable(f"user and {PASSWORD} must be ASCII") from None
        except (smtplib.SMTPException, OSError) as error:
            server.close()
            raise Unreachable(f"{mail.host}:{mail.port}: {_said(error)}") from None
        if server.sock:
            server.sock.settimeout(PATIENCE)
        return server


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error)
    return str(error)


def _words(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
