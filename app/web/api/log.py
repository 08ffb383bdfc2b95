"""The API's part on the installation's log."""

from __future__ import annotations

from typing import Any

from app.audit.installation import TOPICS, log_page
from app.casework import AUDIT
from app.web.api.operations import Sight, read
from app.web.api.queries import PAGING, Choice
from app.web.api.shapes import COUNT, INSTANT, TEXT, listed, paged, shape
from app.web.site import desk, person

LOG_LINE = shape(
    "LogLine", entry=COUNT.of("seq"), at=INSTANT, kind=TEXT, topic=TEXT, actor=TEXT, by=TEXT,
    about=listed(TEXT), text=TEXT.of("sentence"),
)  # fmt: skip
LOG = paged("Log", LOG_LINE)


def _log(page: int, size: int, topic: str) -> dict[str, Any]:
    found = log_page(desk(), person(), topic=topic, skip=(page - 1) * size, most=size)
    return {"items": found.lines, "page": page, "size": size, "total": found.total}


READS = (
    read(path="/log", name="readLog", summary="The installation’s log, the newest first",
         sight=Sight((404,), AUDIT), answer=LOG, reads=_log,
         query=(*PAGING, Choice("topic", ("all", *TOPICS)))),
)  # fmt: skip
