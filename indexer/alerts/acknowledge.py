"""Signed links by which a recipient says that somebody looks after an alert, without an account."""

from datetime import timedelta
from typing import NamedTuple

from itsdangerous import BadData, URLSafeTimedSerializer

LASTS = timedelta(days=30)
_PURPOSE = "dunwatch alert"


class Invitation(NamedTuple):
    """Whom a link was sent to, and for which alert."""

    alert: int
    recipient: str


class Links:
    """Makes and reads links. An alert is acknowledged once: after that its links only show by whom."""

    def __init__(self, key: bytes, base: str) -> None:
        self._signer = URLSafeTimedSerializer(key, salt=_PURPOSE)
        self._base = base

    def make(self, alert: int, recipient: str) -> str:
        """The address for one recipient; empty where nobody can reach the web page."""
        return f"{self._base}/ack/{self.token(alert, recipient)}" if self._base else ""

    def token(self, alert: int, recipient: str) -> str:
        """What a link ends with, or a form posts to."""
        return str(self._signer.dumps([alert, recipient]))

    def read(self, token: str) -> Invitation | None:
        """What a link says; None where it was not made here, was changed, or is too old."""
        try:
            alert, recipient = self._signer.loads(token, max_age=int(LASTS.total_seconds()))
            return Invitation(int(alert), str(recipient))
        except (BadData, ValueError, TypeError):
            return None
