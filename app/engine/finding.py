"""What a check says about a file: rule, place and one plain sentence. Owns nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
MOST_SENTENCE = 500


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    #: path inside the deployment, e.g. "bpmn/review.bpmn"
    file: str
    #: bpmnlint's rule name where there is one, ours otherwise, e.g. "no-implicit-start"
    rule: str
    #: plain English for a process owner, naming the element by its label and what to do instead
    sentence: str
    severity: Severity = "error"
    element_id: str | None = None
    #: 1-based line in the file
    line: int | None = None


def bounded(sentence: str) -> str:
    """The sentence, cut where it is too long: names and texts of a file may be as long as it."""
    return sentence if len(sentence) <= MOST_SENTENCE else sentence[: MOST_SENTENCE - 1] + "…"
