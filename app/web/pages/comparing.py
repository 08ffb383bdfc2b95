"""Two cases laid side by side before one is merged into the other; each look is an order.

The page that asks for the merge is `orders`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from app.casework import commands, views
from app.casework.views import CaseBeside, CasePage
from app.web.site import desk, now, person

Both = tuple[CaseBeside, CaseBeside]


def compared(answers: Mapping[str, Any]) -> bool:
    """The page that was sent has shown the very case that it names."""
    return str(answers["into"]).strip().upper() == request.form.get("_beside", "").upper()


def laid_beside(case: str, answers: Mapping[str, Any]) -> Both:
    """Raises `Refused` for a case that the person may not see."""
    into = str(answers["into"])
    desk().do(commands.LookAcross(actor=person(), at=now(), case=case, beside=into))
    return views.two_cases(desk(), person(), case, into, now())


def others(subject: CasePage) -> int:
    """How many other cases may be about the same people, for who may see which."""
    if "look_across" not in subject.may:
        return 0
    return len(views.alike_cases(desk(), person(), subject.case, now())[1])
