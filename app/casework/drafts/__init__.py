"""What somebody has begun to answer and not sent: kept, and brought together from several windows.

Where drafts are stored, and who may see them, is their neighbours'.
"""

from app.casework.drafts.files import NewFile
from app.casework.drafts.kept import Apart, Draft, Typed, after, elsewhere, gone_on
from app.casework.drafts.merging import KNOWN, Made, digest, stand
from app.casework.drafts.places import DEPTH, draft_name, into, put, value_at

__all__ = [
    "DEPTH",
    "KNOWN",
    "Apart",
    "Draft",
    "Made",
    "NewFile",
    "Typed",
    "after",
    "digest",
    "draft_name",
    "elsewhere",
    "gone_on",
    "into",
    "put",
    "stand",
    "value_at",
]
