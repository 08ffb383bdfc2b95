"""The open database: its transactions, the keys that seal what is in it, and what goes wrong."""

from app.store.database.connection import Store, Writing, file_of
from app.store.database.copies import Uncopied, copy_in, copy_out, flushed, is_empty
from app.store.database.errors import (
    Busy,
    Clash,
    Destroyed,
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
from app.store.database.looks import Look
from app.store.database.unit import Unit
from app.store.migrate import HEAD

__all__ = [
    "HEAD",
    "Busy",
    "CaseKey",
    "Clash",
    "Destroyed",
    "KekSource",
    "Keys",
    "Look",
    "NewerSchema",
    "OlderSchema",
    "Sealed",
    "Spoilt",
    "Store",
    "StoreFault",
    "Uncopied",
    "Unit",
    "Unreachable",
    "Writing",
    "WrongKey",
    "copy_in",
    "copy_out",
    "file_of",
    "flushed",
    "is_empty",
    "kek_for",
    "names_in",
]
