"""Holds on cases and the destruction of their content, as rows; and what then goes from the tables.

When a hold is set or lifted and when content may be destroyed is casework's to say.
"""

from app.store.retention import content, erasures, holds, sweeping
from app.store.retention.erasures import ErasureRow
from app.store.retention.holds import HoldRow

__all__ = ["ErasureRow", "HoldRow", "content", "erasures", "holds", "sweeping"]
