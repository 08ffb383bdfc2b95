"""Journeys: a process owner's tests, in virtual time, by the same commands as the pages give.

A guest of all rooms, like web. The format is told in docs/journeys.md; `walk` is the command line's
verb, `play` one journey on a given desk.
"""

from app.journeys.file import Journey, JourneyFault, read
from app.journeys.run.running import JourneyFailed, Result, play
from app.journeys.run.walking import Wish, walk

__all__ = ["Journey", "JourneyFailed", "JourneyFault", "Result", "Wish", "play", "read", "walk"]
