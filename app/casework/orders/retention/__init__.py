"""Orders about what is kept: holds that stop a destruction, and the destruction of content."""

from app.casework.orders.retention.erasing import erase_content, keep_content
from app.casework.orders.retention.holding import lift_hold, set_hold
from app.casework.orders.retention.kept import RetentionState, state_of, take_all

__all__ = [
    "RetentionState",
    "erase_content",
    "keep_content",
    "lift_hold",
    "set_hold",
    "state_of",
    "take_all",
]
