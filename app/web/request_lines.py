"""One line in the log for each request, with the id that its answer carries; and what is counted.

The line names the kind of page, never the case, and nothing that anybody typed. How lines look is
for whoever starts the program (`cli.log_lines`).
"""

from __future__ import annotations

import logging
import secrets
import time

from flask import Flask, Response, g, has_request_context, request
from prometheus_client import CollectorRegistry, Counter

_LOG = logging.getLogger(__name__)
_HEADER = "X-Request-Id"

COUNTED = CollectorRegistry()
ANSWERED = Counter(
    "casework_answers", "Answers since this process began", ["method", "status"],
    registry=COUNTED,
)  # fmt: skip
#: methods of requests that may change something
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
GIVEN_UP = Counter(
    "casework_lock_waits_given_up", "Requests that waited too long for a lock",
    registry=COUNTED,
)  # fmt: skip


def install(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str | None:
    """Of the request that is being answered; None outside of one."""
    return g.get("request_id") if has_request_context() else None


def _begin() -> None:
    g.request_id, g.begun = secrets.token_hex(8), time.monotonic()


def _end(answer: Response) -> Response:
    answer.headers[_HEADER] = g.request_id
    rule = request.url_rule.rule if request.url_rule else "(no page)"
    took = round(1000 * (time.monotonic() - g.begun))
    ANSWERED.labels(request.method, str(answer.status_code)).inc()
    _LOG.info("%s %s %d %d ms", request.method, rule, answer.status_code, took)
    return answer
