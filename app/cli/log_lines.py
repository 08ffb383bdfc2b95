"""How the log looks: each line with its instant in UTC, as text or as JSON; one line an outage.

Owns the handler on standard error. What is logged, and that it holds no content, is each room's.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from app.web.request_lines import request_id

#: names of the forms in which lines may be asked for
FORMS = TEXT, JSON = ("text", "json")
#: what says the same again within so many seconds is left out
_QUIET_S = 60.0


def install(form: str) -> None:
    """From here on, in this process. `form`: one of FORMS."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if form == JSON else _Text())
    handler.addFilter(_OncePerOutage())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for loud in ("waitress.queue", "alembic"):
        logging.getLogger(loud).setLevel(logging.WARNING)


class _Line(logging.Formatter):
    def said(self, record: logging.LogRecord) -> dict[str, str]:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"at": at, "level": record.levelname, "from": record.name}
        if request := request_id():
            said["request"] = request
        said["message"] = record.getMessage()
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return said


class _Text(_Line):
    def format(self, record: logging.LogRecord) -> str:
        said = self.said(record)
        trace = said.pop("trace", None)
        line = " ".join(said.values()).replace("\n", " ")
        return f"{line}\n{trace}" if trace else line


class _Json(_Line):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.said(record), ensure_ascii=False)


class _OncePerOutage(logging.Filter):
    """Leaves out a warning or error that was said a moment ago in the same words."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        words = (record.name, record.getMessage())
        last = self._said.get(words)
        if last is not None and 0 <= record.created - last < _QUIET_S:
            return False
        if len(self._said) > 1000:
            self._said.clear()
        self._said[words] = record.created
        return True
