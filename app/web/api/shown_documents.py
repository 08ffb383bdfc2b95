"""What the API says of a document that a task shows: its version, what changed, what it says now.

Making documents and the files are `documents`'.
"""

from __future__ import annotations

from operator import itemgetter

from app.documents import ADDED, REMOVED, SAME
from app.web.api.shapes import COUNT, INSTANT, TEXT, TRUTH, Kind, listed, one_of, shape

_BEFORE = shape("", version=COUNT, at=INSTANT, did=TEXT("the task that you did with it"))
CHANGE = shape(
    "Change",
    under=TEXT("the heading above it"),
    pieces=listed(
        shape(
            "Piece",
            mark=one_of(ADDED, REMOVED, SAME).of(itemgetter(0)), words=TEXT.of(itemgetter(1)),
        )
    )("in order"),
)  # fmt: skip
PART = shape(
    "DocumentPart",
    kind=one_of("title", "subtitle", "h", "p", "list", "numbers", "row", "edge"),
    level=COUNT("of a heading; else 0"), heads=TRUTH("a row that heads its table"),
    begins=TRUTH("a row with which a table begins"), words=listed(TEXT),
)  # fmt: skip
SHOWN_DOCUMENT = shape(
    "ShownDocument",
    document=TEXT.of("id"), title=TEXT, audience=one_of("inside", "by law", "outward"),
    missing=listed(TEXT)("tasks that must be done before it can be made"),
    fault=TEXT("why else it cannot be made"),
    undecided=COUNT("words that may be names, and nobody has decided of them"),
    version=COUNT("of what it says now; 0: it cannot be made yet"),
    digest=TEXT("of what it says now; give it to complete the task"), first_seen=INSTANT,
    entered=listed(shape("Entered", step=TEXT, by=listed(TEXT), at=INSTANT))(
        "what was entered since the version before"),
    before=Kind(
        {"oneOf": [_BEFORE.schema, {"type": "null"}]},
        lambda before: _BEFORE.said(before) if before else None,
    )("the version that you had before you last"),
    changes=listed(CHANGE)("since that version"), parts=listed(PART)("what it says now"),
)  # fmt: skip
