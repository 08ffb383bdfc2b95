"""What stands beside cases in lists, to tell one from another: of each case one, sealed.

What it says and who may read it is casework's.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.errors import Sealed, WrongKey
from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.schema import case_key
from app.store.work.text_tables import case_label

_PLACE = "label"
_PUT = upsert(case_label)
_PUT = _PUT.on_conflict_do_update(index_elements=["case_id"], set_={"body": _PUT.excluded["body"]})
_DROP = delete(case_label).where(case_label.c.case_id == bindparam("case"))
_OF = (
    select(case_label.c.case_id, case_label.c.body, case_key.c.wrapped)
    .join_from(case_label, case_key, case_key.c.case_id == case_label.c.case_id)
    .where(case_label.c.case_id.in_(bindparam("cases", expanding=True)))
)


def keep(unit: Unit, key: CaseKey, content: bytes | None) -> None:
    """None: nothing stands beside it."""
    if content is None:
        unit.run(_DROP, {"case": key.case})
    else:
        unit.run(_PUT, {"case_id": key.case, "body": key.seal(content, _PLACE)})


def of_cases(unit: Unit, ids: Collection[str]) -> dict[str, bytes]:
    """Id of a case → what stands beside it. A case whose key does not open it has none: `verify`
    tells of that, and a list stands without."""
    contents: dict[str, bytes] = {}
    for id, body, wrapped in unit.rows(_OF, {"cases": sorted(ids)}) if ids else ():
        with suppress(Sealed, WrongKey):
            contents[id] = unit.keys.unwrap(id, wrapped).open(body, _PLACE)
    return contents
