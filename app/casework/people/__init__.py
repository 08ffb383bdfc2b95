"""People and what they may use: accounts, signing in, sessions, links, tokens, passwords.

Every change here is written into the installation's log (`cases.installation_log`) in the
transaction that makes it. Making and changing accounts is `changes`', who may, `rules`'s.
"""

from app.casework.people import passwords, tokens
from app.casework.people.own_password import change_password
from app.casework.people.presence import as_seen, bearer, present
from app.casework.people.sessions import Browser, SignedIn, person_of, sign_out
from app.casework.people.signing_in import sign_in

__all__ = [
    "Browser",
    "SignedIn",
    "as_seen",
    "bearer",
    "change_password",
    "passwords",
    "person_of",
    "present",
    "sign_in",
    "sign_out",
    "tokens",
]
