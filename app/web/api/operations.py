"""One thing that the API can be asked or told: what its route does and what its description says.

The rows stand with their subjects; `openapi` has all of them. Those of orders follow from
`web.orders`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, g, jsonify
from flask.typing import ResponseReturnValue

from app.web.api.queries import Query
from app.web.api.requests import body
from app.web.api.shapes import Shape
from app.web.site import now, require


@dataclass(frozen=True, slots=True)
class Sight:
    """Who sees it, by what anybody else is answered."""

    problems: tuple[int, ...] = ()
    #: what a role must allow, beside what the case itself asks
    power: str | None = None


#: whoever has a token; a list holds what they may see
EVERYBODY = Sight()
#: whoever may see what stands in the path
WHO_SEES_IT = Sight((404,))
#: whoever may see the task, while it is open
WHO_SEES_OPEN_TASK = Sight((404, 409))


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    method: str
    #: as OpenAPI writes it
    path: str
    name: str
    summary: str
    #: the good answer; None: a file
    answer: Shape | None
    #: what the route does, given the members of the path
    respond: Callable[..., ResponseReturnValue]
    #: of the good answer
    status: int = 200
    body: Shape | None = None
    query: tuple[Query, ...] = ()
    #: beyond those that every operation may answer with
    problems: tuple[int, ...] = ()
    #: media types of the good answer, where it is a file
    media: tuple[str, ...] = ()
    #: it says where the answer is from now on
    addressed: bool = False
    #: sent again it is done again: it has no Idempotency-Key
    repeats: bool = False


def read(
    *,
    path: str,
    name: str,
    summary: str,
    sight: Sight,
    answer: Shape | None,
    reads: Callable[..., Any],
    query: tuple[Query, ...] = (),
    media: tuple[str, ...] = (),
) -> Operation:
    """A GET. `reads` is given the members of path and query; it gives a row of ours, the members
    of the answer by name, or the file; NotFound, Conflict."""

    def respond(**members: str) -> Response:
        if sight.power is not None:
            require(sight.power)
        given = reads(**members, **{asked.name: asked.read() for asked in query})
        if answer is None:
            file: Response = given
            return file
        return jsonify(answer.said(**given) if isinstance(given, dict) else answer.said(given))

    return Operation(
        method="get", path=path, name=name, summary=summary, answer=answer, respond=respond,
        query=query, problems=(*((400,) if query else ()), *sight.problems), media=media,
    )  # fmt: skip


def write(
    *,
    path: str,
    name: str,
    summary: str,
    asked: Shape | None,
    answer: Shape,
    does: Callable[..., Any],
    status: int = 200,
    repeats: bool = False,
) -> Operation:
    """A POST that is no order about cases. `does` is given the body, the present and the members of
    the path; it gives a row of ours, or the members of the answer by name; NotFound, Refused."""

    def respond(**members: str) -> tuple[Response, int]:
        g.answers_at = "#/"
        done = does(body(asked or Shape("", {}, ())), now(), **members)
        said = answer.said(**done) if isinstance(done, dict) else answer.said(done)
        return jsonify(said), status

    return Operation(
        method="post", path=path, name=name, summary=summary, answer=answer, respond=respond,
        status=status, body=asked, problems=(400, 404, 413, 415, 422), repeats=repeats,
    )  # fmt: skip
