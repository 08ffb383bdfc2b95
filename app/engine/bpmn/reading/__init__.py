"""Reading a BPMN file: its bytes checked against the schema, then read into plain values."""

from app.engine.bpmn.reading.correlation import (
    bindings,
    drawn_key,
    retrievals,
    starts_process,
    subscriptions,
)
from app.engine.bpmn.reading.declarations import REFERENCES, condition, definitions
from app.engine.bpmn.reading.diagrams import read_diagram
from app.engine.bpmn.reading.global_tasks import is_global
from app.engine.bpmn.reading.reader import GIVEN, SENDS, Drawn, free_id, without_xml

__all__ = [
    "GIVEN",
    "REFERENCES",
    "SENDS",
    "Drawn",
    "bindings",
    "condition",
    "definitions",
    "drawn_key",
    "free_id",
    "is_global",
    "read_diagram",
    "retrievals",
    "starts_process",
    "subscriptions",
    "without_xml",
]
