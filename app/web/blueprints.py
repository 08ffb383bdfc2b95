"""Names every part of the site: the list `create_web` registers, and nothing else."""

from __future__ import annotations

from flask import Blueprint

from app.web.api import routes as api
from app.web.pages import (
    answers_given as recorded,
)
from app.web.pages import (
    cases,
    checking,
    cover,
    documents,
    editor,
    figures,
    history,
    orders,
    processes,
    start,
    statements,
    task,
    tasks,
)

PAGES: tuple[Blueprint, ...] = (
    tasks.bp,
    task.bp,
    orders.bp,
    cases.bp,
    history.bp,
    documents.bp,
    recorded.bp,
    start.bp,
    cover.bp,
    processes.bp,
    checking.bp,
    editor.bp,
    figures.bp,
    statements.bp,
)
API: tuple[Blueprint, ...] = (api.bp,)
