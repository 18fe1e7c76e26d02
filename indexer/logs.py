"""Log lines on standard error: plain ones for people, or JSON for what collects logs."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from pythonjsonlogger.json import JsonFormatter

from indexer.console import clean

Form = Literal["plain", "json"]
FORMS: tuple[Form, ...] = get_args(Form)


class _Plain(logging.Formatter):
    """A line a message, without what a terminal would obey: messages quote what sites answer."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = clean(record.message)
        return super().formatMessage(record)


class _Json(JsonFormatter):
    """A JSON object a line: time (UTC), level, logger, message, and what it is about (source, url, reason …)."""

    def __init__(self) -> None:
        names = {"asctime": "time", "levelname": "level", "name": "logger"}
        super().__init__("%(asctime)s%(levelname)s%(name)s%(message)s", rename_fields=names, json_ensure_ascii=False)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {name: clean(value) if isinstance(value, str) else value for name, value in log_data.items()}


def log_to_stderr(form: Form = "plain", level: int = logging.INFO) -> None:
    """From now on; of libraries only what is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Plain("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without text is told as that
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)  # what it warns of is told by the store
    logging.getLogger("dunwatch").setLevel(level)
