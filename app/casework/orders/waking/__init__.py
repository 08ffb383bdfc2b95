"""Time's part: what is due fires, what fails is held, what stands for ever is looked for; and what
takes long is made with no lock held; who looked is written down when the case is free.
"""

from app.casework.orders.waking.firing import wake, wake_due
from app.casework.orders.waking.printing import with_print
from app.casework.orders.waking.reads import Reads
from app.casework.orders.waking.standing import look_for_stalls
from app.casework.orders.waking.stopping import noted

__all__ = ["Reads", "look_for_stalls", "noted", "wake", "wake_due", "with_print"]
