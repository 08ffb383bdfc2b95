"""What belongs to no case but to people: accounts, sessions, tokens, and who covers for whom."""

from app.store.people import accounts, covers
from app.store.people.accounts import PersonRow, SessionRow
from app.store.people.covers import CoverRow

__all__ = ["CoverRow", "PersonRow", "SessionRow", "accounts", "covers"]
