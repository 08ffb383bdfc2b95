"""The store room: the only SQL, one transaction a command, history that only grows, sealed bodies.

`Store` opens transactions; one module a subject holds its statements and takes the open `Unit`
first: `cases`, `work`, `deadlines`, `history`, `answers`, `messages`, `deployments`,
`documents`, `accounts`.
To add a query: put it, built once, in its subject's module, and a test in tests/store/.
"""

from app.store.chain.keys import CaseKey, Keys, kek_in
from app.store.database import Store
from app.store.errors import (
    Busy,
    Clash,
    NewerSchema,
    Sealed,
    Spoilt,
    StoreFault,
    Unreachable,
    WrongKey,
)
from app.store.unit import Unit

__all__ = [
    "Busy",
    "CaseKey",
    "Clash",
    "Keys",
    "NewerSchema",
    "Sealed",
    "Spoilt",
    "Store",
    "StoreFault",
    "Unit",
    "Unreachable",
    "WrongKey",
    "kek_in",
]
