"""The API's search for a case: as the page's, so that what is sought stands in no address.

It changes nothing and asks for a token that reads; each search is an entry of the log.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.casework.reading import search
from app.casework.reading.sought import LONGEST
from app.web.api.bodies import CASE_LINE
from app.web.api.operations import write
from app.web.api.shapes import TEXT, TRUTH, listed, shape
from app.web.site import desk, person

SEARCH = shape(
    "Search",
    words=TEXT("a reference, or names, dates of birth, numbers: a case must meet each"),
)
FOUND = shape(
    "FoundCases",
    understood=listed(TEXT)("as what it was taken, in words"),
    items=listed(CASE_LINE)(f"newest first, {search.MOST} at most"),
    more=TRUTH("there are more than these"),
)


def _search(body: dict[str, Any], at: datetime) -> dict[str, Any]:
    words = body["words"]
    if len(words) > LONGEST:
        words = words[: LONGEST + 1]  # it is refused: no more of it is worked through
    page = search.search(desk(), person(), words, at)
    return {"understood": page.understood, "items": page.rows, "more": page.more}


OPERATIONS = (
    write(
        path="/search", name="searchCases",
        summary="Cases by reference, name, date of birth or number, in the body; each search is "
        "written down",
        asked=SEARCH, answer=FOUND, does=_search, repeats=True,
    ),
)  # fmt: skip
