"""Names every part of the site: what lies in `pages` is registered because it lies there."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from flask import Blueprint

from app.web import pages
from app.web.api import routes
from app.web.pages.people import sign_on


def _parts() -> tuple[Blueprint, ...]:
    """The blueprint `bp` of each module in `pages`; some only help others."""
    below = walk_packages(pages.__path__, f"{pages.__name__}.")
    modules = [import_module(name) for name in sorted(module.name for module in below)]
    return tuple(module.bp for module in modules if hasattr(module, "bp"))


PAGES = _parts()
API: tuple[Blueprint, ...] = (routes.bp,)
#: programs send to these, with a proof of their own instead of a cookie
EXEMPT: tuple[Blueprint, ...] = (*API, sign_on.ended)
