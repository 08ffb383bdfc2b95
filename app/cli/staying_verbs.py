"""The verbs that stay until they are told to end: run, serve and work."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.config import Config


def say(text: str = "") -> None:
    print(text, flush=True)


def add_verbs(verb: Callable[[Any], argparse.ArgumentParser]) -> None:
    for listening in (verb(run), verb(serve)):
        listening.add_argument("--host", default="127.0.0.1")
        listening.add_argument("--port", type=int, default=8000)
    verb(work)


def run(config: Config, given: argparse.Namespace) -> int:
    """The product on one machine: pages, clock and outbox in one process."""
    _look_for_garbage_less_often()
    from app import demo, wiring
    from app.engine import day_in_london
    from app.scheduler.clock import now, present
    from app.scheduler.ticking import ticking

    say(f"{config.title}, {config.organisation_on(day_in_london(now()))}")
    desk = wiring.open_desk(config, upgrade=True)
    new = wiring.is_new(desk)
    if not wiring.deploy_content(desk, config, present(desk.store), say):
        return 1
    wiring.say_measured(desk, config, say)
    if config.demo:
        demo.prepare(desk, config, present(desk.store), say, new=new)
    with ticking(desk, config.mail, config.title, wiring.keeper(desk, config).keep_up):
        return _listen(desk, config, given)


def serve(config: Config, given: argparse.Namespace) -> int:
    """Pages and API only; any number of these beside any number of `work`."""
    _look_for_garbage_less_often()
    from app import wiring

    desk = wiring.once_there(config, _told_to_stop(), say)
    if desk is None:
        return 0
    wiring.say_tables(desk, say)
    return _listen(desk, config, given)


def _listen(desk: Any, config: Config, given: argparse.Namespace) -> int:
    from app.cli.listening import pages, serving
    from app.scheduler.clock import Clock

    try:
        server = pages(
            desk,
            config,
            Clock(desk.store),
            host=given.host,
            port=given.port,
            threads=8,
            ident=None,
            clear_untrusted_proxy_headers=False,  # `web.proxy` does, and knows that they were there
        )
    except (OSError, OverflowError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        print(
            f"{given.host}:{given.port} cannot be listened on: {why}. "
            "Stop what uses it, or name another port with --port.",
            file=sys.stderr,
        )
        return 1
    _begin_log()
    say(f"Open http://{given.host}:{given.port}  (stop with Ctrl+C)")
    serving(server, _told_to_stop())
    say("Stopped.")
    return 0


def _look_for_garbage_less_often() -> None:
    """A program read from diagrams is some hundred thousand objects, which Python's look for cycles
    walks again and again: it took a seventh of the time of a page on average."""
    gc.set_threshold(10_000)


def _begin_log() -> None:
    """Lines of the log as text, or as JSON where the environment says so."""
    from app.cli import log_lines
    from app.config import ConfigError

    asked = os.environ.get("RAPID_REVIEW_LOG", log_lines.TEXT)
    if asked not in log_lines.FORMS:
        raise ConfigError(f"RAPID_REVIEW_LOG is “{asked}”; it can be text or json.")
    log_lines.install(asked)


def _told_to_stop() -> threading.Event:
    """Set by Ctrl+C or SIGTERM; what is being done then is finished first."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return stop


def work(config: Config, _given: argparse.Namespace) -> int:
    """The clock and the outbox only."""
    _look_for_garbage_less_often()
    from app import wiring
    from app.scheduler.ticking import ticking

    stop = _told_to_stop()
    desk = wiring.once_there(config, stop, say)
    if desk is None:
        return 0
    wiring.say_tables(desk, say)
    _begin_log()
    with ticking(desk, config.mail, config.title, wiring.keeper(desk, config).keep_up):
        say("Waking what is due and sending what waits (stop with Ctrl+C)")
        if config.mail.unsent:
            say(config.mail.unsent)
        stop.wait()
    say("Stopped.")
    return 0
