"""Figures as sums that are kept: what a case adds, what is kept and kept up, and who sees what."""

from app.audit.shares import Clock, Months, Standing, measured, middle, standing
from app.audit.tally.eyes import Eyes
from app.audit.tally.keeping import Keeper, keep_up, looked
from app.audit.tally.late_ones import NONE, Late, Line, Page, by_name
from app.audit.tally.looking import Found, look
from app.audit.tally.reckoning import Reckoning

__all__ = [
    "NONE",
    "Clock",
    "Eyes",
    "Found",
    "Keeper",
    "Late",
    "Line",
    "Months",
    "Page",
    "Reckoning",
    "Standing",
    "by_name",
    "keep_up",
    "look",
    "looked",
    "measured",
    "middle",
    "standing",
]
