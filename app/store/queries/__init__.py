"""Questions over many tables: a person's work list, the cases they see, figures, mail; what an
order has to know of its case."""

from app.store.queries import at_hand, condition, figures, listing, mail, stopped, walks, worklist
from app.store.queries.at_hand import AtHand
from app.store.queries.figures import CaseFacts, EndRow, LimitRow, OpenRow
from app.store.queries.listing import Eyes
from app.store.queries.mail import MailStanding
from app.store.queries.stopped import Left, Standing
from app.store.queries.worklist import Listed, Reach

__all__ = [
    "AtHand",
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
    "at_hand",
    "condition",
    "figures",
    "listing",
    "mail",
    "stopped",
    "walks",
    "worklist",
]
