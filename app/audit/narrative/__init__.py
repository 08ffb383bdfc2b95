"""A case's history in sentences and drawings: what people read of it, all or only what is shown.

`tell` makes sentences of entries, `ask` opens a `Story` for somebody who looks. Whether the
history is the one that was written is `verification`'s.
"""

from app.audit.narrative.case_story import ask, told, verified, whole
from app.audit.narrative.facts import TOPICS
from app.audit.narrative.names import Words
from app.audit.narrative.news import recent
from app.audit.narrative.sentences import Sentence, tell
from app.audit.narrative.story import Story

__all__ = [
    "TOPICS",
    "Sentence",
    "Story",
    "Words",
    "ask",
    "recent",
    "tell",
    "told",
    "verified",
    "whole",
]
