"""The installation's own log as rows: where its chain stands, what it says of tables, refusals.

Its entries lie in the table `history` in the form of a case's (`store.chain`), under the name
`chain.headers.INSTALLATION`. What they say is casework's, whether they hold, the audit room's.
"""

from app.store.chain.log import blocks, entries, images, refusals
from app.store.chain.log.blocks import Block
from app.store.chain.log.entries import Asked, Head
from app.store.chain.log.images import Rows, account_rows, session_rows
from app.store.chain.log.refusals import Refusal

__all__ = [
    "Asked",
    "Block",
    "Head",
    "Refusal",
    "Rows",
    "account_rows",
    "blocks",
    "entries",
    "images",
    "refusals",
    "session_rows",
]
