"""The open database: its transactions, the keys that seal what is in it, and what goes wrong."""

from app.store.database.connection import Store, file_of
from app.store.database.errors import (
    Busy,
    Clash,
    NewerSchema,
    OlderSchema,
    Sealed,
    Spoilt,
    StoreFault,
    Unreachable,
    WrongKey,
)
from app.store.database.kek import KekSource, kek_for, names_in
from app.store.database.keys import CaseKey, Keys
from app.store.database.unit import Unit

__all__ = [
    "Busy",
    "CaseKey",
    "Clash",
    "KekSource",
    "Keys",
    "NewerSchema",
    "OlderSchema",
    "Sealed",
    "Spoilt",
    "Store",
    "StoreFault",
    "Unit",
    "Unreachable",
    "WrongKey",
    "file_of",
    "kek_for",
    "names_in",
]
