"""Owns checking files in a process of their own, with bounds on its time and memory.

`checker` keeps that process and asks it, `worker` is what runs in it, `verdict` what it answers:
findings and an outline as JSON, never an object. The process has no key, no database and nothing
of the environment; what passes is read again here by whoever runs it.
"""

from app.validation.bounded.checker import OWN, TOO_MUCH, UPLOADED, Limits, check
from app.validation.bounded.verdict import Outline, Verdict, vanished_ids

__all__ = ["OWN", "TOO_MUCH", "UPLOADED", "Limits", "Outline", "Verdict", "check", "vanished_ids"]
