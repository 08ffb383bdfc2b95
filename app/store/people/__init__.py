"""What belongs to no case but to people: accounts, sessions, tokens, links, who covers for whom."""

from app.store.people import access, accounts, covers
from app.store.people.access import LinkRow, TokenRow
from app.store.people.accounts import Days, PersonRow, SessionRow
from app.store.people.covers import CoverRow

__all__ = [
    "CoverRow",
    "Days",
    "LinkRow",
    "PersonRow",
    "SessionRow",
    "TokenRow",
    "access",
    "accounts",
    "covers",
]
