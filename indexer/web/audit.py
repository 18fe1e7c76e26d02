"""The page of the audit log, for admins."""

from starlette.requests import Request
from starlette.responses import Response

from indexer.datadir import DataDir
from indexer.people.audit import ACTIONS, newest
from indexer.web.listing import whole
from indexer.web.pages import Pages

LISTED = 100
MOST_SEQ = 999_999_999


class AuditPage:
    """Reads the audit log in the state of a data directory."""

    def __init__(self, data: DataDir, pages: Pages) -> None:
        self._data, self._pages = data, pages

    def listed(self, request: Request) -> Response:
        """A page of it, newest first; `who` and `action` narrow it, `before` goes on."""
        asked = request.query_params
        who, action = asked.get("who", "").strip()[:100], asked.get("action", "")
        before = whole(asked["before"], "before ", MOST_SEQ) if asked.get("before") else None
        with self._data.state() as state:
            found = newest(state, LISTED + 1, before=before, who=who, action=action)
        older = found[LISTED - 1].seq if len(found) > LISTED else 0
        return self._pages.show("audit", entries=found[:LISTED], older=older, who=who, action=action, actions=ACTIONS)
