"""Built-in functions of FEEL, each in the module of its subject; all that lie here are known."""

import importlib
import pkgutil


def load() -> None:
    """Imports each module that lies here, by name, whose import fills the table."""
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{name}")


load()
