"""What a checked set of files is, once it can run: processes, decisions, forms, settings.

Who makes it: `validation`; who runs it: `run`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.engine.bpmn import Process
from app.engine.errors import Finding

if TYPE_CHECKING:
    from app.engine.dmn import Decisions
    from app.engine.forms import Form


@dataclass(frozen=True, slots=True)
class Program:
    """A deployment that can run."""

    #: SHA-256 over the sorted (path, content) of all files
    digest: str
    files: Mapping[str, bytes]
    processes: Mapping[str, Process]
    decisions: Decisions
    forms: Mapping[str, Form]
    #: settings.json: what config.yaml says to the process; FEEL sees it as `settings`
    settings: Mapping[str, Any]
    warnings: tuple[Finding, ...] = ()
