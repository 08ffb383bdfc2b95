"""Sends a code by SMS, over the gateway that the settings name; once, and it is kept nowhere."""

from __future__ import annotations

import json
import logging
import os
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from app.config import Sms

_LOG = logging.getLogger(__name__)
#: header with which the gateway knows us, out of the environment
KEY = "RAPID_REVIEW_SMS_KEY"
_SECONDS = 10


class _Stay(HTTPRedirectHandler):
    """Nobody sends a code elsewhere."""

    def redirect_request(self, *_: object) -> None:
        return None


def send_code(sms: Sms, title: str, number: str, code: str) -> bool:
    """Whether the gateway took it."""
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
            return 200 <= int(answer.status) < 300
    except (URLError, OSError, ValueError) as fault:
        _LOG.warning("a code could not be sent by SMS: %s", type(fault).__name__)
        return False
