"""The installation's log as people and programs read it: lines in words, found and given as CSV.

Whether it is as it was written is `verification`'s.
"""

from app.audit.installation.csv import log_csv
from app.audit.installation.reading import Line, LogPage, log_page
from app.audit.installation.words import KINDS, TOPICS, refused, words

__all__ = ["KINDS", "TOPICS", "Line", "LogPage", "log_csv", "log_page", "refused", "words"]
