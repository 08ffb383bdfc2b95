"""A case's past: what its entries hold, as sealed, and where its drawings stood behind each."""

from app.casework.cases.history.bodies import (
    FORM,
    Body,
    Reader,
    Unreadable,
    answers_in,
    missing,
    order_of,
    orders_of,
    read,
    some,
    written,
)
from app.casework.cases.history.drawing_state import Place, Trail
from app.casework.cases.history.past import EVERY, Past

__all__ = [
    "EVERY",
    "FORM",
    "Body",
    "Past",
    "Place",
    "Reader",
    "Trail",
    "Unreadable",
    "answers_in",
    "missing",
    "order_of",
    "orders_of",
    "read",
    "some",
    "written",
]
