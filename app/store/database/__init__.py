"""The open database: its transactions, the keys that seal what is in it, and what goes wrong."""

from app.store.database.connection import Store
from app.store.database.errors import (
    Busy,
    Clash,
    NewerSchema,
    Sealed,
    Spoilt,
    StoreFault,
    Unreachable,
    WrongKey,
)
from app.store.database.keys import CaseKey, Keys, kek_in
from app.store.database.unit import Unit

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
