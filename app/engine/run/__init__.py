"""The run floor: a case's commands in, its events and snapshots out.

SpiffWorkflow holds and runs the tokens; what an element means is in `elements`.
Files and findings are the floor to the left, storing the room to the right.
"""

from app.engine.run.around import ITEM, Beside, Level
from app.engine.run.case import Case
from app.engine.run.graph import spec_of
from app.engine.run.instants import ends, starts
from app.engine.run.snapshot import Snapshot
from app.engine.run.stalling import Stall
from app.engine.run.taking_back import TAKEN_BACK, Begun
from app.engine.run.waiting import Waiting

__all__ = [
    "ITEM",
    "TAKEN_BACK",
    "Begun",
    "Beside",
    "Case",
    "Level",
    "Snapshot",
    "Stall",
    "Waiting",
    "ends",
    "spec_of",
    "starts",
]
