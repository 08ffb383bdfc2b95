"""Figures that are kept: each case's share, the sums, and (`late_lines`) the lines of what is late.

All of it follows from the histories and can be thrown away. What is counted is for who counts.
"""

from app.store.tallies.shares import (
    BEHIND,
    FIRST,
    LAST,
    LATE,
    OVER,
    Everything,
    LineRow,
    Share,
    changed,
    drop,
    everything,
    forget,
    kept,
    keys,
    let_go,
    put,
    take,
    times,
)
from app.store.tallies.sums import alone, any_gone, drop_gone, gone, put_sums, stand, sums

__all__ = [
    "BEHIND",
    "FIRST",
    "LAST",
    "LATE",
    "OVER",
    "Everything",
    "LineRow",
    "Share",
    "alone",
    "any_gone",
    "changed",
    "drop",
    "drop_gone",
    "everything",
    "forget",
    "gone",
    "kept",
    "keys",
    "let_go",
    "put",
    "put_sums",
    "stand",
    "sums",
    "take",
    "times",
]
