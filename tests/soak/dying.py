"""A process that dies, or stands still, at an instant of an order that is counted from its outside.

Instants: before and after each statement, before and after the commit, and when the answer is made
and not yet sent. Hooks on the engine of that process alone; the product knows nothing of them.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.casework import Desk

#: where a child writes how many instants went by
Told = Callable[[int], None]


class Instants:
    """Counts the instants of what this process does, and sends itself `how` at number `at`."""

    def __init__(self, desk: Desk, at: int = 0, how: int = signal.SIGKILL) -> None:
        self.count, self.at, self.how = 0, at, how
        engine = desk.store.engine
        event.listen(engine, "before_cursor_execute", self.instant)
        event.listen(engine, "after_cursor_execute", self.instant)
        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            self.instant()
            commit(connection)
            self.instant()

        engine.dialect.do_commit = do_commit  # type: ignore[method-assign]

    def instant(self, *_: Any) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), self.how)

    def answers(self, web: Flask) -> None:
        """The last instant: all is done, the answer made, and nothing of it sent."""
        inner = web.wsgi_app

        def wsgi(environ: Any, start_response: Any) -> Any:
            answer = list(inner(environ, start_response))
            self.instant()
            return answer

        web.wsgi_app = wsgi  # type: ignore[method-assign]
