"""Questions over many cases: a person's work list, the cases they see, figures, mail."""

from app.store.queries import condition, figures, listing, mail, stopped, walks, worklist
from app.store.queries.figures import CaseFacts, EndRow, LimitRow, OpenRow
from app.store.queries.listing import Eyes
from app.store.queries.mail import MailStanding
from app.store.queries.stopped import Left, Standing
from app.store.queries.worklist import Listed, Reach

__all__ = [
    "CaseFacts",
    "EndRow",
    "Eyes",
    "Left",
    "LimitRow",
    "Listed",
    "MailStanding",
    "OpenRow",
    "Reach",
    "Standing",
    "condition",
    "figures",
    "listing",
    "mail",
    "stopped",
    "walks",
    "worklist",
]
