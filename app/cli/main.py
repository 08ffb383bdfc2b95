"""The command line: run · serve · work · deploy · lint · journey · verify · heads · migrate ·
backup · restore · replay · export · disclose · figures · index · archive-log · mail ·
person · token.

Each verb reads config.yaml, asks `wiring` for the desk and says what came of it; 1 means “no”.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.cli import people_verbs, upkeep_verbs
from app.config import Config, ConfigError, Years, load
from app.engine import saying
from app.scheduler.clock import now

#: what is longer is turned away while it arrives; the pages' own limits are lower
_MOST_BYTES = 32 * 1024 * 1024


def say(text: str = "") -> None:
    print(text, flush=True)


def run(config: Config, given: argparse.Namespace) -> int:
    """The product on one machine: pages, clock and outbox in one process."""
    from app import demo, wiring
    from app.engine import day_in_london
    from app.scheduler.ticking import ticking

    say(f"{config.title}, {config.organisation_on(day_in_london(now()))}")
    desk = wiring.open_desk(config, upgrade=True)
    new = wiring.is_new(desk)
    if not wiring.deploy_content(desk, config, now(), say):
        return 1
    wiring.say_measured(desk, config, say)
    if config.demo:
        demo.prepare(desk, config, now(), say, new=new)
    with ticking(desk, config.mail, config.title):
        return _listen(desk, config, given)


def serve(config: Config, given: argparse.Namespace) -> int:
    """Pages and API only; any number of these beside any number of `work`."""
    from app import wiring

    return _listen(wiring.open_desk(config), config, given)


def _listen(desk: Any, config: Config, given: argparse.Namespace) -> int:
    from app.cli.listening import pages

    try:
        server = pages(
            desk,
            config,
            now,
            host=given.host,
            port=given.port,
            threads=8,
            ident=None,
            clear_untrusted_proxy_headers=not config.web.trusted_proxies,
            max_request_body_size=_MOST_BYTES,
        )
    except (OSError, OverflowError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        print(
            f"{given.host}:{given.port} cannot be listened on: {why}. "
            "Stop what uses it, or name another port with --port.",
            file=sys.stderr,
        )
        return 1
    say(f"Open http://{given.host}:{given.port}  (stop with Ctrl+C)")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        say("Stopped.")
    return 0


def work(config: Config, _given: argparse.Namespace) -> int:
    """The clock and the outbox only."""
    from app import wiring
    from app.scheduler.ticking import ticking

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with ticking(wiring.open_desk(config), config.mail, config.title):
        say("Waking what is due and sending what waits (stop with Ctrl+C)")
        try:
            stop.wait()
        except KeyboardInterrupt:
            say("Stopped.")
    return 0


def deploy(config: Config, given: argparse.Namespace) -> int:
    """Makes bpmn/, forms/ and the settings the active deployment; --check only says findings."""
    from app import wiring

    if given.check:
        return lint(config, given)
    desk = wiring.open_desk(config)
    if not wiring.deploy_content(desk, config, now(), say):
        return 1
    wiring.say_measured(desk, config, say)
    return 0


def lint(config: Config, given: argparse.Namespace) -> int:
    """Findings of these files among the content, or of all of it."""
    from app import wiring

    findings = wiring.check_files(config, [Path(name) for name in given.files])
    for finding in findings:
        say(wiring.told(finding))
    errors = sum(1 for finding in findings if finding.severity == "error")
    say(f"{saying.count(errors, 'error')}, {len(findings) - errors} to consider.")
    return 1 if errors else 0


def journey(config: Config, given: argparse.Namespace) -> int:
    """Walks journeys in virtual time; exit 1 when a check fails."""
    from app import journeys

    wish = journeys.Wish(keep_going=given.keep_going, verbose=given.verbose, junit=given.junit)
    return journeys.walk(
        config, given.files, coverage=given.coverage, database=given.db, say=say, wish=wish
    )


def verify(config: Config, given: argparse.Namespace) -> int:
    """Checks the hash chain of one case, or of all, and what it names by its hash."""
    from app import wiring
    from app.cli import evidence

    against = Path(given.against) if given.against else None
    return evidence.verify(wiring.open_desk(config), given.case, against, say)


def heads(config: Config, _given: argparse.Namespace) -> int:
    """Says the newest entry of every case with its hash; a list to keep elsewhere."""
    from app import wiring
    from app.cli import evidence

    return evidence.heads(wiring.open_desk(config), say)


def disclose(config: Config, given: argparse.Namespace) -> int:
    """Writes entries of a case for a stranger; what is withheld stands there as a hash only."""
    from app import wiring
    from app.cli import evidence

    return evidence.disclose(
        wiring.open_desk(config), given.case, given.entries, given.withhold, say
    )


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def replay(config: Config, given: argparse.Namespace) -> int:
    """Tells a case's history; with --reexecute runs it again and compares the state hashes."""
    from app import wiring
    from app.cli import evidence

    return evidence.replay(wiring.open_desk(config), given.case, given.reexecute, say)


def export(config: Config, given: argparse.Namespace) -> int:
    """Writes a case's history as CSV or JSON lines to standard output."""
    from app import wiring
    from app.cli import evidence

    return evidence.export(wiring.open_desk(config), given.case, given.format, say)


def figures(config: Config, given: argparse.Namespace) -> int:
    """Says how often measured steps were done in time, by year; counts only."""
    from app import wiring
    from app.cli import evidence

    years = Years() if given.calendar else config.years
    desk = wiring.open_desk(config)
    return evidence.figures(desk, config.timeliness, years, now(), given.year, given.csv, say)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="rapid-review", description=__doc__)
    top.add_argument("--config", default="config.yaml", help="path of config.yaml")
    verbs = top.add_subparsers(dest="verb", required=True)

    def verb(do: Any) -> argparse.ArgumentParser:
        subparser = verbs.add_parser(
            do.__name__, help=do.__doc__.split(";")[0], description=do.__doc__
        )
        subparser.set_defaults(do=do)
        return subparser

    for listening in (verb(run), verb(serve)):
        listening.add_argument("--host", default="127.0.0.1")
        listening.add_argument("--port", type=int, default=8000)
    verb(work)
    deploying = verb(deploy)
    deploying.add_argument("--check", action="store_true", help="only say the findings")
    deploying.add_argument("files", nargs="*", help="with --check: files to check among the rest")
    verb(lint).add_argument("files", nargs="*")
    walking = verb(journey)
    walking.add_argument("files", nargs="*")
    walking.add_argument("--coverage", metavar="DIR", help="what the journeys in DIR never walked")
    walking.add_argument("--db", help="a database URL; default: SQLite in memory")
    walking.add_argument("--keep-going", action="store_true", help="also after what does not hold")
    walking.add_argument("--junit", metavar="FILE", type=Path, help="results for a build server")
    walking.add_argument("-v", "--verbose", action="store_true", help="say what was filled in")
    _evidence(verb)
    people_verbs.add_verbs(verbs)
    upkeep_verbs.add_verbs(verb)
    return top


def _evidence(verb: Callable[[Any], argparse.ArgumentParser]) -> None:
    """What an auditor types."""
    checking = verb(verify)
    checking.add_argument("case", nargs="?", help="reference; default: every case")
    checking.add_argument("--against", metavar="FILE", help="a list that “heads” made earlier")
    verb(heads)
    showing = verb(disclose)
    showing.add_argument("case")
    showing.add_argument("--entries", type=_numbers, help="e.g. 3,7; default: all")
    showing.add_argument(
        "--withhold", action="append", default=[], metavar="POINTER",
        help="e.g. /command/answers/name, or 7:/command/answers/name for entry 7 alone",
    )  # fmt: skip
    again = verb(replay)
    again.add_argument("case", nargs="?", help="reference; default: every case")
    again.add_argument("--reexecute", action="store_true")
    out = verb(export)
    out.add_argument("case")
    out.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    counts = verb(figures)
    counts.add_argument("--year", type=int, help="the one in which it begins; default: all")
    counts.add_argument("--calendar", action="store_true", help="years of the calendar, not ours")
    counts.add_argument("--csv", action="store_true", help="as the page's download")


def main(arguments: Sequence[str] | None = None) -> int:
    """The entry point of `rapid-review`."""
    from app.casework import CaseworkError
    from app.engine import Fault
    from app.store import StoreFault

    given = parser().parse_args(arguments)
    try:
        config = load(Path(given.config))
        result: int = given.do(config, given)
        return result
    except (ConfigError, CaseworkError, Fault, StoreFault) as error:
        print(str(error), file=sys.stderr)
    except OSError as error:  # a folder that is none, or may not be written
        print(f"{error.filename or 'A file'}: {error.strerror or error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
