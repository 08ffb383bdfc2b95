"""The engine room's one family of errors; no library's exception leaves it in another form."""

from __future__ import annotations


class Fault(Exception):
    """Something in the process cannot go on."""

    def __init__(
        self,
        sentence: str | None = None,
        *,
        element_id: str | None = None,
        process: str = "",
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        #: id of the diagram element, decision or form field it is about
        self.element_id = element_id
        #: the process that holds the element; "": not known, or it is about no element
        self.process = process
        self.line = line
        self.column = column
        super().__init__(self.sentence)


class ExpressionFault(Fault):
    """This expression cannot be read or worked out."""


class DecisionFault(Fault):
    """This decision cannot be worked out."""


class NotExecutable(Fault):
    """This file cannot run."""


class NotOpen(Fault):
    """This task is not open."""


class Incident(Fault):
    """The case has stopped here and needs a person."""
