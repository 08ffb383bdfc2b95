"""What an expression is worked out in: the world, the frames of names, the built-in functions."""

from app.engine.feel.scope.built_ins import BUILT_INS, REFUSED, BuiltIn, Variant, built_in
from app.engine.feel.scope.names import (
    Closure,
    Entries,
    Env,
    Items,
    UnknownName,
    as_function,
    function_named,
)
from app.engine.feel.scope.world import PLAIN, SLIPS, Run, World

__all__ = [
    "BUILT_INS",
    "PLAIN",
    "REFUSED",
    "SLIPS",
    "BuiltIn",
    "Closure",
    "Entries",
    "Env",
    "Items",
    "Run",
    "UnknownName",
    "Variant",
    "World",
    "as_function",
    "built_in",
    "function_named",
]
