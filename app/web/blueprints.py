"""Names every part of the site: what lies in `pages` is registered because it lies there."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint

from app.web import pages
from app.web.api import routes


def _parts() -> tuple[Blueprint, ...]:
    """The blueprint `bp` of each module in `pages`; some only help others."""
    names = sorted(module.name for module in iter_modules(pages.__path__))
    modules = [import_module(f"{pages.__name__}.{name}") for name in names]
    return tuple(module.bp for module in modules if hasattr(module, "bp"))


PAGES = _parts()
API: tuple[Blueprint, ...] = (routes.bp,)
