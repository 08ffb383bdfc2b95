"""The bounded room: work on what others wrote or asked for, in a process of its own, with bounds on
its time and memory.

`checker` asks for the check of a set of files, `prints` for a PDF, `tables` for the rows of a
spreadsheet, `files` for what a file is that came with answers. `line` keeps the process,
`worker` is what runs in it, `verdict` what a check answers: findings and an outline as JSON, never
an object. The process has no key, no database and nothing of the environment; what passes is read
again by whoever runs it.
"""

from app.bounded.checker import OWN, TOO_MUCH, UPLOADED, Limits, built, check
from app.bounded.files import looked_at
from app.bounded.prints import Unprinted, Wanted, made, taken
from app.bounded.scanner import is_address as is_scanner
from app.bounded.tables import table_of
from app.bounded.verdict import Outline, Verdict, vanished_ids

__all__ = [
    "OWN",
    "TOO_MUCH",
    "UPLOADED",
    "Limits",
    "Outline",
    "Unprinted",
    "Verdict",
    "Wanted",
    "built",
    "check",
    "is_scanner",
    "looked_at",
    "made",
    "table_of",
    "taken",
    "vanished_ids",
]
