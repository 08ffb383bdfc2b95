"""Our own function on lists of rows with a value and a label, as settings and forms hold them.

Which rows are in force on a day is `working_days`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.engine.feel.scope import Run, built_in


@built_in("label_of", "value: string|null, list: list")
def label_of(run: Run, value: str | None, rows: list[Any]) -> Any:
    """What people call a value: the label of the first row that has it, else the value itself."""
    run.step(len(rows))
    labels = (
        row.get("label") for row in rows if isinstance(row, Mapping) and row.get("value") == value
    )
    return next((label for label in labels if isinstance(label, str)), value)
