"""Sends a code by SMS, over the gateway that the settings name; it is kept nowhere.

What the network loses is tried again for as long as the code serves, by this process alone and out
of its memory: whoever waits at the page asks for another one if it ends.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from enum import Enum
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from app.config import Sms

_LOG = logging.getLogger(__name__)
#: header with which the gateway knows us, out of the environment
KEY = "RAPID_REVIEW_SMS_KEY"
_SECONDS = 10
#: answers after which the same may be taken a moment later, beside 5xx
_LATER = frozenset({408, 425, 429})
_FIRST_WAIT, _LONGEST_WAIT = 5, 60
#: codes that are tried again at a time; of more nobody waits for the answer
_AT_A_TIME = threading.BoundedSemaphore(20)


class Sent(Enum):
    """What became of a try."""

    TAKEN = "taken"
    #: a fault that may be over in a moment
    LATER = "later"
    #: it will not be taken
    NEVER = "never"


class _Stay(HTTPRedirectHandler):
    """Nobody sends a code elsewhere."""

    def redirect_request(self, *_: object) -> None:
        return None


def send_code(sms: Sms, title: str, number: str, code: str) -> Sent:
    """One try."""
    text = f"{title}: your code is {code}. It lasts 15 minutes. Tell it to nobody."
    body = sms.body
    for name, value in (("{number}", number), ("{text}", text)):
        body = body.replace(name, json.dumps(value)[1:-1])
    headers = {"Content-Type": "application/json"}
    if os.environ.get(KEY):
        headers["Authorization"] = os.environ[KEY]
    request = Request(sms.url, data=body.encode(), headers=headers, method="POST")
    try:
        with build_opener(_Stay).open(request, timeout=_SECONDS) as answer:
            return Sent.TAKEN if 200 <= int(answer.status) < 300 else Sent.NEVER
    except HTTPError as fault:
        _LOG.warning("a code could not be sent by SMS: the gateway answered %d", fault.code)
        return Sent.LATER if fault.code >= 500 or fault.code in _LATER else Sent.NEVER
    except (URLError, OSError, ValueError) as fault:
        _LOG.warning("a code could not be sent by SMS: %s", type(fault).__name__)
        return Sent.LATER


def waits(lasts: float) -> Iterator[float]:
    """Seconds between tries, as long as `lasts` goes on."""
    gone, wait = 0.0, float(_FIRST_WAIT)
    while gone + wait < lasts:
        yield wait
        gone, wait = gone + wait, min(2 * wait, _LONGEST_WAIT)


def keep_trying(once: Callable[[], Sent], wanted: Callable[[], bool], lasts: float) -> None:
    """Until it is taken or refused, is not `wanted` any more, or `lasts` seconds are over."""
    pause = threading.Event()  # nobody sets it
    for seconds in waits(lasts):
        pause.wait(seconds)
        if not wanted() or once() is not Sent.LATER:
            return


def behind(once: Callable[[], Sent], wanted: Callable[[], bool], lasts: float) -> bool:
    """`keep_trying` beside the page. False: too many are tried already."""
    if not _AT_A_TIME.acquire(blocking=False):
        return False

    def run() -> None:
        try:
            keep_trying(once, wanted, lasts)
        finally:
            _AT_A_TIME.release()

    threading.Thread(target=run, name="code by SMS", daemon=True).start()
    return True
