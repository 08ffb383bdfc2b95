"""Orders that give, lend or take back authority: cover, broken glass, exclusions, conflicts."""

from app.casework.orders.authority.conflicts import end_conflict, own_conflict, record_conflict
from app.casework.orders.authority.cover import agree_cover, end_cover, set_cover
from app.casework.orders.authority.glass import break_glass
from app.casework.orders.authority.lifting import lift_exclusion
from app.casework.orders.authority.members import add_member, exclude
from app.casework.orders.authority.who_covers import about_oneself, away_oneself, for_oneself

__all__ = [
    "about_oneself",
    "add_member",
    "agree_cover",
    "away_oneself",
    "break_glass",
    "end_conflict",
    "end_cover",
    "exclude",
    "for_oneself",
    "lift_exclusion",
    "own_conflict",
    "record_conflict",
    "set_cover",
]
