"""FEEL as text: tokens, names with spaces, grammar, and the nodes that an expression is made of."""

from app.engine.feel.syntax.free_names import below, calls, free, mentions, path_root, self_compared
from app.engine.feel.syntax.lexer import Token, fault, placed, tokens
from app.engine.feel.syntax.parser import parse, parse_tests

__all__ = [
    "Token",
    "below",
    "calls",
    "fault",
    "free",
    "mentions",
    "parse",
    "parse_tests",
    "path_root",
    "placed",
    "self_compared",
    "tokens",
]
