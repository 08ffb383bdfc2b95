"""What belongs to no case but to people: accounts, sessions, tokens, links, who covers for whom;
and what somebody was allowed by two people or for a while."""

from app.store.people import (
    access,
    accounts,
    authority,
    bearer,
    begun,
    covers,
    guests,
    proof,
)
from app.store.people.access import LinkRow, TokenRow
from app.store.people.accounts import Days, PersonRow, SessionRow
from app.store.people.authority import ConflictRow, NoticeRow, ReadRow
from app.store.people.bearer import Bearer, Covered
from app.store.people.begun import BegunRow
from app.store.people.covers import CoverRow
from app.store.people.guests import CodeRow, GuestRow, InviteRow
from app.store.people.proof import IdentityRow, Origin, PasskeyRow, TotpRow

conflicts, glass = authority.conflicts, authority.glass
lifts, notices, read_rows = authority.lifts, authority.notices, authority.read_rows
factors, identities = proof.factors, proof.identities

__all__ = [
    "Bearer",
    "BegunRow",
    "CodeRow",
    "ConflictRow",
    "CoverRow",
    "Covered",
    "Days",
    "GuestRow",
    "IdentityRow",
    "InviteRow",
    "LinkRow",
    "NoticeRow",
    "Origin",
    "PasskeyRow",
    "PersonRow",
    "ReadRow",
    "SessionRow",
    "TokenRow",
    "TotpRow",
    "access",
    "accounts",
    "bearer",
    "begun",
    "conflicts",
    "covers",
    "factors",
    "glass",
    "guests",
    "identities",
    "lifts",
    "notices",
    "read_rows",
]
