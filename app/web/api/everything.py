"""All that the API can be asked or told, from the modules of its subjects."""

from __future__ import annotations

from app.web.api import cases, covers, documents, figures, installation, orders, people

OPERATIONS = (
    *cases.READS, *documents.READS, *figures.READS, *covers.READS, *people.OPERATIONS,
    *installation.OPERATIONS, *orders.ORDERS,
)  # fmt: skip
