"""How people prove who they are beside a password, as rows: work accounts and second factors."""

from app.store.people.proof import factors, identities
from app.store.people.proof.factors import PasskeyRow, TotpRow
from app.store.people.proof.identities import IdentityRow, Origin

__all__ = ["IdentityRow", "Origin", "PasskeyRow", "TotpRow", "factors", "identities"]
