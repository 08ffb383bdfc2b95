"""The store room: the only SQL, one transaction a command, history that only grows, sealed bodies.

`Store` opens transactions; one module a subject holds its statements and takes the open `Unit`
first: `cases`, `work`, `deadlines`, `history`, `answers`, `messages`, `deployments`,
`documents`, `accounts`.
To add a query: put it, built once, in its subject's module, and a test in tests/store/.
"""

from app.store.accounts import PersonRow, SessionRow
from app.store.answers import DoneRow, read_draft
from app.store.cases import CaseRow
from app.store.chain import (
    DESTROYED,
    START,
    BadHeader,
    Content,
    Entry,
    HistoryRow,
    Unpacked,
    parsed,
    stamp,
)
from app.store.checkpoints import Checkpoint
from app.store.counters import OPENINGS, Counter
from app.store.covers import CoverRow
from app.store.database import Store
from app.store.deadlines import DeadlineRow
from app.store.deployments import DeploymentRow
from app.store.documents import DocumentRow
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
from app.store.figures import CaseFacts, EndRow, LimitRow, OpenRow
from app.store.idempotency import Once
from app.store.incidents import IncidentRow
from app.store.keys import CaseKey, Keys, kek_in
from app.store.listing import Eyes
from app.store.messages import Effect, InboxRow, OutboxRow
from app.store.unit import Unit
from app.store.work import TaskRow
from app.store.worklist import Listed, Reach

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
    "NewerSchema",
    "Once",
    "OpenRow",
    "OutboxRow",
    "PersonRow",
    "Reach",
    "Sealed",
    "SessionRow",
    "Spoilt",
    "Store",
    "StoreFault",
    "TaskRow",
    "Unit",
    "Unpacked",
    "Unreachable",
    "WrongKey",
    "kek_in",
    "parsed",
    "read_draft",
    "stamp",
]
