"""What belongs to no case but to people: accounts, sessions, tokens, links, who covers for whom;
and what somebody was allowed by two people or for a while."""

from app.store.people import access, accounts, covers
from app.store.people.access import LinkRow, TokenRow
from app.store.people.accounts import Days, PersonRow, SessionRow
from app.store.people.authority import ConflictRow, NoticeRow, conflicts, glass, lifts, notices
from app.store.people.covers import CoverRow
from app.store.people.proof import IdentityRow, Origin, PasskeyRow, TotpRow, factors, identities

__all__ = [
    "ConflictRow",
    "CoverRow",
    "Days",
    "IdentityRow",
    "LinkRow",
    "NoticeRow",
    "Origin",
    "PasskeyRow",
    "PersonRow",
    "SessionRow",
    "TokenRow",
    "TotpRow",
    "access",
    "accounts",
    "conflicts",
    "covers",
    "factors",
    "glass",
    "identities",
    "lifts",
    "notices",
]
