"""All that the API can be asked or told, from the modules of its subjects."""

from __future__ import annotations

from app.web.api import cases, covers, documents, figures, orders, people, upkeep
from app.web.api.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *cases.READS, *documents.READS, *figures.READS, *covers.READS, *people.OPERATIONS,
    *upkeep.OPERATIONS, *orders.ORDERS,
)  # fmt: skip
