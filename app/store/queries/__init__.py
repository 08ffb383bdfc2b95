"""Questions over many cases: a person's work list, the cases they see, figures."""

from app.store.queries import condition, figures, listing, worklist
from app.store.queries.figures import CaseFacts, EndRow, LimitRow, OpenRow
from app.store.queries.listing import Eyes
from app.store.queries.worklist import Listed, Reach

__all__ = [
    "CaseFacts",
    "EndRow",
    "Eyes",
    "LimitRow",
    "Listed",
    "OpenRow",
    "Reach",
    "condition",
    "figures",
    "listing",
    "worklist",
]
