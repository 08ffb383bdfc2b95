"""Owns the gate with everything behind it: what is accepted here can also be started.

Judging the files is `deployment`; here the graph of every process is built once as well,
so that nothing fails for the first time in a case.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace

from app.engine import Fault, Finding, Program, looking_at
from app.engine.run import spec_of
from app.validation import deployment
from app.validation.deployment import Checked


def check(files: Mapping[str, bytes], *, last: Container[str] = ()) -> Checked:
    """As `deployment.check`, with a finding for each process that cannot be built."""
    checked = deployment.check(files, last=last)
    if checked.program is None:
        return checked
    findings = tuple(not_built(checked.program))
    if not findings:
        return checked
    return replace(checked, program=None, findings=(*checked.findings, *findings))


def not_built(program: Program) -> Iterator[Finding]:
    """The processes of the program whose graph cannot be built, each at its element."""
    for process in program.processes.values():
        sentence = "This process could not be made ready to run, so it is not accepted."
        element = process.id
        looking_at(process.file)
        try:
            spec_of(program, process.id)
        except Fault as fault:
            sentence, element = f"{sentence} {fault}", fault.element_id or element
        except Exception as fault:  # a fault of ours: it must not be met in a case
            named = [id for id in process.elements if id in re.split(r"[\s'\":]+", str(fault))]
            element = named[0] if named else element
        else:
            continue
        yield Finding(process.file, "check-failed", sentence, "error", element)
