"""The rules, each in the module of its subject; every module that lies here is active, and those on
the map of readers, which stand beside it."""

import importlib
import pkgutil


def load() -> None:
    """Imports each module that lies here, whose import registers its rules.

    By name, so that findings come in the same order on every machine.
    """
    importlib.import_module("app.validation.lint.readers.findings")
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{name}")


load()
