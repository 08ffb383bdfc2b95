"""The API's part on what has stopped: the same as the page. To try it again is an order of
`web.orders`."""

from __future__ import annotations

from app.casework import views
from app.web.api.operations import Sight, read
from app.web.api.shapes import (
    COUNT,
    INSTANT,
    MAYBE_COUNT,
    MAYBE_INSTANT,
    MAYBE_TEXT,
    TEXT,
    TRUTH,
    listed,
    shape,
)
from app.web.site import desk, now, person

STOPPED = shape(
    "Stopped",
    case=TEXT, sentence=TEXT("what failed, or why nothing will move it"), moves=TEXT,
    process=TEXT, element=MAYBE_TEXT("null: the whole case"), step=TEXT("its name"),
    since=INSTANT, behind=listed(TEXT)("names of the next steps on the drawing"),
    deadline=MAYBE_INSTANT("the case's earliest running one"), whole_day=TRUTH,
    tries=COUNT("in vain so far; 0: nothing was tried"), next_at=MAYBE_INSTANT("of the next try"),
    incident=MAYBE_COUNT("by which you can have it tried again"),
)  # fmt: skip
NOBODY = shape(
    "Nobody",
    why=TEXT, moves=TEXT, tasks=COUNT, since=INSTANT,
    cases=listed(TEXT)("references, of those that you may open"),
)  # fmt: skip
STOPPED_ALL = shape(
    "StoppedAll",
    incidents=listed(STOPPED), stalls=listed(STOPPED), nobody=listed(NOBODY),
    hidden=COUNT("how many more, for who sees no case"),
)  # fmt: skip

READS = (
    read(
        path="/stopped", name="listStopped",
        summary="What has failed, what nothing will move, and tasks for which there is nobody",
        sight=Sight((404,), power="mend"), answer=STOPPED_ALL,
        reads=lambda: views.stopped_page(desk(), person(), now()),
    ),
)  # fmt: skip
