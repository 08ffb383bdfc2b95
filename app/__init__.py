"""Rapid Review: case work that runs as BPMN diagrams. `create_app` is the WSGI entry.

Kept light: importing the package loads no room.
"""

from __future__ import annotations

from typing import Any
from wsgiref.types import WSGIApplication


def create_app(config_path: str = "config.yaml", **_: Any) -> WSGIApplication:
    """The pages and the API over the configured database, for any WSGI server."""
    from pathlib import Path

    from app.config import load
    from app.scheduler.clock import Clock
    from app.web import create_web
    from app.wiring import open_desk

    config = load(Path(config_path))
    desk = open_desk(config)
    return create_web(desk, config, Clock(desk.store))
