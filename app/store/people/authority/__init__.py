"""What somebody was allowed by two people or for a while, as rows; and what people are told of it.

The rules are casework's.
"""

from app.store.people.authority import conflicts, glass, lifts, notices
from app.store.people.authority.conflicts import ConflictRow
from app.store.people.authority.notices import NoticeRow

__all__ = ["ConflictRow", "NoticeRow", "conflicts", "glass", "lifts", "notices"]
