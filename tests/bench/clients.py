"""Eight clients of a server, in a process of their own, for `orders.by_eight`.

`python -m tests.bench.clients ADDRESS TOKEN DATABASE CASE …` prints the milliseconds of a
completion and of a bare commit, both by eight.

They ask the database which task is open next, so that the server does nothing but complete.
"""

from __future__ import annotations

import itertools
import sys

from sqlalchemy import text

from app.store import Store
from tests.bench.limits import commits, p50
from tests.bench.orders import BODY, together
from tests.bench.walk import Caller
from tests.kit import KEK

ROUNDS, EACH = 5, 6
_NEXT = text("SELECT task FROM task WHERE case_id = :case ORDER BY opened_at, task LIMIT 1")


def main(address: str, token: str, url: str, *cases: str) -> None:
    store = Store(url, KEK)
    callers = [Caller(address, token) for _ in cases]
    keys = itertools.count()

    def completion(number: int) -> None:
        with store.reading() as unit:
            task = unit.value(_NEXT, {"case": cases[number]})
        path = f"/api/v1/cases/{cases[number]}/tasks/{task}/complete"
        status, answer = callers[number].post(path, BODY, f"eight{next(keys)}")
        if status >= 300:
            sys.exit(f"completing over HTTP answered {status} {answer!r}")

    took: tuple[list[float], list[float]] = ([], [])
    with commits(store.engine) as commit:
        for _ in range(ROUNDS):
            took[0].append(together(completion, EACH))
            took[1].append(together(lambda number: commit(), EACH * 4))
    print(*(p50(each) for each in took))


if __name__ == "__main__":
    main(*sys.argv[1:])
