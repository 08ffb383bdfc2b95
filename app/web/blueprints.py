"""Names every part of the site: the list `create_web` registers, and nothing else."""

from __future__ import annotations

from flask import Blueprint

from app.web.api import routes
from app.web.pages import (
    answers_given,
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
    answers_given.bp,
    start.bp,
    cover.bp,
    processes.bp,
    checking.bp,
    editor.bp,
    figures.bp,
    statements.bp,
)
API: tuple[Blueprint, ...] = (routes.bp,)
