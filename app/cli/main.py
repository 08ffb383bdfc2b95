"""The command line: run · serve · work · deploy · lint · journey · verify · heads · migrate ·
key · backup · restore · replay · export · disclose · figures · index · archive-log · mail ·
person · token.

Each verb reads config.yaml, asks `wiring` for the desk and says what came of it; 1 means “no”.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import staying_verbs, upkeep_verbs

if TYPE_CHECKING:
    from app.config import Config

#: what they take is told by the rooms themselves, which `--help` need not wait for
_OF_PEOPLE = {
    "person": "Makes, changes and disables accounts.",
    "token": "Makes, lists and revokes API tokens.",
    "mail": "Says which mails wait and which failed",
    "archive-log": "Writes old entries of the installation's log into a new file",
}


def say(text: str = "") -> None:
    print(text, flush=True)


def deploy(config: Config, given: argparse.Namespace) -> int:
    """Makes bpmn/, forms/ and the settings the active deployment; --check only says findings."""
    from app import wiring
    from app.scheduler.clock import present

    if given.check:
        return lint(config, given)
    desk = wiring.open_desk(config)
    if not wiring.deploy_content(desk, config, present(desk.store), say):
        return 1
    wiring.say_measured(desk, config, say)
    return 0


def lint(config: Config, given: argparse.Namespace) -> int:
    """Findings of these files among the content, or of all of it."""
    from app import wiring
    from app.engine import saying

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
    from app.config import Years
    from app.scheduler.clock import present

    years = Years() if given.calendar else config.years
    desk = wiring.open_desk(config)
    at = present(desk.store)
    return evidence.figures(desk, config, years, at, given.year, given.csv, say)


def parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """What may be typed; of `_OF_PEOPLE` only names, where none stands among `arguments`."""
    top = argparse.ArgumentParser(prog="rapid-review", description=__doc__)
    top.add_argument("--config", default="config.yaml", help="path of config.yaml")
    verbs = top.add_subparsers(dest="verb", required=True)

    def verb(do: Any) -> argparse.ArgumentParser:
        subparser = verbs.add_parser(
            do.__name__, help=do.__doc__.split(";")[0], description=do.__doc__
        )
        subparser.set_defaults(do=do)
        return subparser

    staying_verbs.add_verbs(verb)
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
    upkeep_verbs.add_verbs(verb)
    if not _OF_PEOPLE.keys().isdisjoint(arguments):
        from app.cli import people_verbs

        people_verbs.add_verbs(verbs, _OF_PEOPLE)
    else:
        for name, about in _OF_PEOPLE.items():
            verbs.add_parser(name, help=about)
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
    typed = sys.argv[1:] if arguments is None else arguments
    given = parser(typed).parse_args(typed)
    from app.casework import CaseworkError
    from app.config import ConfigError, load
    from app.engine import Fault
    from app.store import StoreFault

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
