"""What `key new` and `key rotate` do: another key takes over while nothing else runs.

What is made with it is casework's `rotation`; where it comes from, `store.KekSource`'s.
"""

from __future__ import annotations

from collections.abc import Callable

from app import store, wiring
from app.audit.verification import verify_installation
from app.casework import Refused, rotation
from app.config import Config
from app.engine import saying
from app.scheduler.clock import present
from app.store import KekSource, Keys, WrongKey

Say = Callable[[str], None]

_STILL_OPEN = (
    "Something else has this database open. Stop every “serve”, “work” and “run” on every machine,"
    " then try again. Nothing was changed."
)
_LOG_WRONG = (
    "The installation's log is not as it was written (see “rapid-review verify”), and the change"
    " would take over what stands in the tables. Where that is known, and looked into:"
    " --although-log-is-wrong. Nothing was changed."
)


def new(config: Config, say: Say) -> int:
    """Makes the key that shall take over, in the folder of the secrets. Raises `WrongKey`."""
    source = wiring.kek_source(config)
    if source.read() is None:
        raise WrongKey("There is no key yet. “rapid-review migrate” makes it.")
    name = Keys(source.make_next()).name
    say(f"{source.folder / 'kek.next'} is the new key, {name}. Copy it to a safe place now.")
    say("It counts once “rapid-review key rotate” has put it in the place of the old one.")
    return 0


def rotate(config: Config, log_wrong: bool, say: Say) -> int:
    """Everything under the new key. Raises `Refused` or a `StoreFault`, changing nothing."""
    source = wiring.kek_source(config)
    coming = _coming(source)
    if not store.is_alone(config.database):
        raise Refused(_STILL_OPEN)
    desk = wiring.open_desk(config)
    try:
        if desk.store.keys.name != coming.name:  # else it was cut off behind the database
            log = verify_installation(desk.store)
            if log is not None and not log.good and not log_wrong:
                raise Refused(_LOG_WRONG)
            far = _far(say)
            done = rotation.rotate(
                desk, coming, present(desk.store), far, log_wrong=log is not None and not log.good
            )
            _tell(done, say)
    finally:
        desk.store.close()
    _put_in_place(source, coming, say)
    return 0


def _coming(source: KekSource) -> Keys:
    """The key that takes over. Raises `WrongKey` where there is none, or the one in use."""
    kek, old = source.read_next(), source.read()
    if kek is None:
        raise WrongKey("There is no new key. “rapid-review key new” makes it.")
    coming = Keys(kek)
    if old is not None and Keys(old).name == coming.name:
        raise WrongKey("The new key is the one in use. Nothing was changed.")
    return coming


def _far(say: Say) -> Callable[[int, int], None]:
    return lambda number, of: say(f"{number} of {of} cases …")


def _tell(done: rotation.Rekeyed, say: Say) -> None:
    say(f"{saying.count(done.keys, 'key')} of cases and of the log wrapped anew.")
    for name in done.closed:
        say(f"Opened with no key before, and opens with none now: {name}")
    for name in done.unvouched:
        say(f"Not vouched for before, and not now (see “rapid-review verify”): {name}")


def _put_in_place(source: KekSource, coming: Keys, say: Say) -> None:
    beside = source.promote()
    if beside is not None:
        say(
            f"{coming.name} is the key now. The old one lies in {beside}: it opens nothing here any"
        )
        say("more, only backups of before. Put it away as long as you keep those.")
    else:
        say(f"{coming.name} is the key now. Let the command or credential “kek” give it, and take")
        say("away what gave it as the next one. Backups of before need the old key.")
    say("Start “serve” and “work” again.")
