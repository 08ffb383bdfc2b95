"""What is shown of other cases once the look is recorded: those about the same people, and two side
by side before one is merged into the other.

The pages that ask for it are `orders`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request

from app.casework import commands, views
from app.casework.views import CaseBeside, CasePage
from app.web.site import desk, now, person

Both = tuple[CaseBeside, CaseBeside]


def alike_cases(case: str) -> str:
    """The page of the cases that may be about the same people."""
    return render_template("alike.html", found=views.alike_cases(desk(), person(), case, now()))


def compared(answers: Mapping[str, Any]) -> bool:
    """The page that was sent has shown the very case that it names."""
    return str(answers["into"]).strip().upper() == request.form.get("_beside", "").upper()


def laid_beside(case: str, answers: Mapping[str, Any]) -> Both:
    """Raises `Refused` for a case that the person may not see."""
    into = str(answers["into"])
    desk().do(commands.LayBeside(actor=person(), at=now(), case=case, into=into))
    return views.two_cases(desk(), person(), case, into, now())


def others(subject: CasePage) -> int:
    """How many other cases may be about the same people, for who may see which."""
    if "look_across" not in subject.may:
        return 0
    return views.alike_count(desk(), person(), subject.case, now())
