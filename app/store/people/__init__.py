"""What belongs to no case but to people: accounts, sessions, tokens, who covers for whom; and what
somebody was allowed by two people or for a while."""

from app.store.people import accounts, covers
from app.store.people.accounts import PersonRow, SessionRow
from app.store.people.authority import ConflictRow, NoticeRow, conflicts, glass, lifts, notices
from app.store.people.covers import CoverRow

__all__ = [
    "ConflictRow",
    "CoverRow",
    "NoticeRow",
    "PersonRow",
    "SessionRow",
    "accounts",
    "conflicts",
    "covers",
    "glass",
    "lifts",
    "notices",
]
