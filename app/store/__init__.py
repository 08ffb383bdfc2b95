"""The store room: the only SQL, one transaction a command, history that only grows, sealed bodies.

`Store` opens transactions (`database`); one module a subject holds its statements and takes the
open `Unit` first: `cases`, `documents`, `deployments`, those of `people`, of
`work` that waits in cases and of the history (`chain`), and `queries` over many cases.
To add a query: put it, built once, in its subject's module, and a test in tests/store/.
"""

from app.store.cases import CaseRow
from app.store.chain import (
    DESTROYED,
    OPENINGS,
    START,
    BadHeader,
    Checkpoint,
    Content,
    Counter,
    Entry,
    HistoryRow,
    Once,
    Unpacked,
    parsed,
    stamp,
)
from app.store.database import (
    Busy,
    CaseKey,
    Clash,
    Keys,
    NewerSchema,
    Sealed,
    Spoilt,
    Store,
    StoreFault,
    Unit,
    Unreachable,
    WrongKey,
    kek_in,
)
from app.store.deployments import DeploymentRow
from app.store.documents import DocumentRow
from app.store.people import CoverRow, PersonRow, SessionRow
from app.store.queries import (
    CaseFacts,
    EndRow,
    Eyes,
    LimitRow,
    Listed,
    OpenRow,
    Reach,
)
from app.store.work import (
    DeadlineRow,
    DoneRow,
    Effect,
    InboxRow,
    IncidentRow,
    Marks,
    OutboxRow,
    ReaderRow,
    TaskRow,
    TextRow,
    read_draft,
)

__all__ = [
    "DESTROYED",
    "OPENINGS",
    "START",
    "BadHeader",
    "Busy",
    "CaseFacts",
    "CaseKey",
    "CaseRow",
    "Checkpoint",
    "Clash",
    "Content",
    "Counter",
    "CoverRow",
    "DeadlineRow",
    "DeploymentRow",
    "DocumentRow",
    "DoneRow",
    "Effect",
    "EndRow",
    "Entry",
    "Eyes",
    "HistoryRow",
    "InboxRow",
    "IncidentRow",
    "Keys",
    "LimitRow",
    "Listed",
    "Marks",
    "NewerSchema",
    "Once",
    "OpenRow",
    "OutboxRow",
    "PersonRow",
    "Reach",
    "ReaderRow",
    "Sealed",
    "SessionRow",
    "Spoilt",
    "Store",
    "StoreFault",
    "TaskRow",
    "TextRow",
    "Unit",
    "Unpacked",
    "Unreachable",
    "WrongKey",
    "kek_in",
    "parsed",
    "read_draft",
    "stamp",
]
