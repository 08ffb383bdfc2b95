"""What somebody was allowed by two people or for a while, as rows; and what people are told of it.

The rules are casework's.
"""

from app.store.people.authority import conflicts, glass, lifts, notices, read_rows
from app.store.people.authority.conflicts import ConflictRow
from app.store.people.authority.notices import NoticeRow
from app.store.people.authority.read_rows import ReadRow

__all__ = [
    "ConflictRow",
    "NoticeRow",
    "ReadRow",
    "conflicts",
    "glass",
    "lifts",
    "notices",
    "read_rows",
]
