"""Single terms of the grammar: literals, names, lists, contexts, intervals, calls, and the blocks
`if`, `for`, `some`, `every`, `function`. Operators are in `parser`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.engine.feel.syntax import nodes
from app.engine.feel.syntax.lexer import unquoted
from app.engine.feel.syntax.nodes import Node
from app.engine.feel.values import DECIMAL128, on_the_clock, read_temporal

if TYPE_CHECKING:
    from app.engine.feel.syntax.parser import Parser

Rule = Callable[[], Node]
_WORDS = {"true": True, "false": False, "null": None}


def block(p: Parser) -> Node | None:
    """`if`, `for`, `some`, `every`, `function`; None when none of them begins here."""
    if p.now.kind != "word":
        return None
    word, following = p.now.text, p.next
    if word == "if" and following.kind != "end":
        return _if(p)
    if word == "for" and following.kind in ("word", "name"):
        return _for(p)
    if word in ("some", "every") and following.kind in ("word", "name"):
        return _quantified(p)
    if word == "function" and following.text == "(":
        return _function(p)
    return None


def _if(p: Parser) -> Node:
    at = p.take().at
    condition = p.expression()
    p.expect("then", "after the condition of “if”")
    then = p.expression()
    p.expect("else", "as every “if” needs one")
    return nodes.If(at, condition, then, p.expression())


def _iterators(p: Parser, word: str) -> tuple[tuple[str, Node], ...]:
    iterators = []
    while True:
        name = p.bound("in") or p.name(f"after “{word}”")
        p.know(name)
        p.expect("in", f"after the variable of “{word}”")
        iterators.append((name, _domain(p)))
        if not p.skip(","):
            return tuple(iterators)


def _domain(p: Parser) -> Node:
    """What a loop runs over: an expression, or `from..to` without brackets."""
    start = p.expression()
    if not p.at_mark(".."):
        return start
    at = p.take().at
    return nodes.Steps(at, start, p.expression())


def _for(p: Parser) -> Node:
    at = p.take().at
    iterators = _iterators(p, "for")
    p.expect("return", "after the lists of “for”")
    return nodes.For(at, iterators, p.expression())


def _quantified(p: Parser) -> Node:
    token = p.take()
    iterators = _iterators(p, token.text)
    p.expect("satisfies", f"after the lists of “{token.text}”")
    return nodes.Quantified(token.at, token.text == "every", iterators, p.expression())


def _function(p: Parser) -> Node:
    at = p.take().at
    p.take()
    names: list[str] = []
    types: list[str | None] = []
    while not p.at_mark(")"):
        name = p.key()
        typed = name is not None
        name = name or p.bound(",", ")") or p.name("as a parameter of the function")
        p.know(name)
        names.append(name)
        types.append(type_text(p) if typed else None)
        if not p.skip(","):
            break
    p.expect(")", "to close the parameters of the function")
    external = p.skip("external")
    body = p.expression()
    return nodes.FunctionOf(at, tuple(names), tuple(types), None if external else body)


def type_text(p: Parser) -> str:
    """A type as its text, as `list<number>`; read by `types.parse`."""
    start = p.now.at
    _type(p)
    return p.source[start : p.tokens[p.place - 1].end]


def _type(p: Parser) -> None:
    if p.known_name() is None and not _long_type(p):
        p.name("as a type")
        while p.skip("."):
            p.name("as a type")
    if p.at_mark("<"):
        _type_arguments(p)
    if p.skip("->"):
        _type(p)


def _long_type(p: Parser) -> bool:
    for name in ("date and time", "days and time duration", "years and months duration"):
        words = name.split()
        if [t.text for t in p.tokens[p.place : p.place + len(words)]] == words:
            p.place += len(words)
            return True
    return False


def _type_arguments(p: Parser) -> None:
    p.take()
    p.deeper()
    while not p.at_mark(">"):
        p.key()
        _type(p)
        if not p.skip(","):
            break
    p.depth -= 1
    p.expect(">", "to close the type")


def term(p: Parser) -> Node:
    """One term without anything after it."""
    token = p.now
    if token.kind in ("word", "name"):
        return _word(p)
    if token.kind == "number":
        p.take()
        return nodes.Literal(token.at, _number(p, token.text, token.at))
    if token.kind == "string":
        p.take()
        return nodes.Literal(token.at, unquoted(token.text))
    if token.kind == "at":
        p.take()
        text = unquoted(token.text[1:].lstrip())
        value = on_the_clock(read_temporal(text))
        if value is None:
            return nodes.Unreadable(token.at, None, text)
        return nodes.Literal(token.at, value)
    if token.text == "(":
        return _bracket(p)
    if token.text in ("[", "]"):
        return _list(p)
    if token.text == "{":
        return _context(p)
    here = "the expression ends" if token.kind == "end" else f"“{token.text}” stands"
    raise p.fault(f"A value is missing: {here} where one should be.")


def _number(p: Parser, text: str, at: int) -> object:
    try:
        return DECIMAL128.create_decimal(text)
    except ArithmeticError:
        raise p.fault("This number is too large.", at) from None


def _word(p: Parser) -> Node:
    token = p.now
    known = p.known_name()
    if known is not None:
        return nodes.Name(token.at, known)
    node = block(p)
    if node is not None:
        return node
    if token.text in _WORDS:
        p.take()
        return nodes.Literal(token.at, _WORDS[token.text])
    if token.text == "?":
        p.take()
        return nodes.Name(token.at, "?")
    return nodes.Name(token.at, p.name("as a value"))


def _bracket(p: Parser) -> Node:
    """`( … )`: an expression, an interval, or a comparison like `(< 10)` standing for one."""
    at = p.take().at
    if p.at_mark("<", "<=", ">", ">=", "=", "!="):
        test = p.test()
        p.expect(")", "to close the “(”")
        return _open_range(test)
    first = p.expression()
    if p.at_mark(".."):
        return _range(p, at, first, start_included=False)
    p.expect(")", "to close the “(”")
    return first


def _open_range(test: Node) -> Node:
    assert isinstance(test, nodes.Test)
    operator, limit = test.operator, test.operand
    if operator in ("<", "<="):
        return nodes.RangeOf(test.at, None, limit, False, operator == "<=")
    if operator in (">", ">="):
        return nodes.RangeOf(test.at, limit, None, operator == ">=", False)
    return nodes.RangeOf(test.at, limit, limit, True, True, True) if operator == "=" else test


def _range(p: Parser, at: int, start: Node, start_included: bool) -> Node:
    p.take()
    closing, p.closing = p.closing, True
    end = p.sum()
    p.closing = closing
    if not p.at_mark("]", ")", "["):
        raise p.fault("The interval is not closed; “]” or “)” is missing here.")
    return nodes.RangeOf(at, start, end, start_included, p.take().text == "]")


def _list(p: Parser) -> Node:
    """`[a, b]`, or an interval `[a..b]`, `]a..b[`."""
    opening = p.take()
    if opening.text == "[" and p.skip("]"):
        return nodes.ListOf(opening.at, ())
    first = p.test()
    if p.at_mark(".."):
        return _range(p, opening.at, first, start_included=opening.text == "[")
    if opening.text == "]":
        raise p.fault("“]” opens an interval like “]1..5]”, but “..” is missing.")
    items = [first]
    while p.skip(","):
        items.append(p.test())
    p.expect("]", "to close the list")
    return nodes.ListOf(
        opening.at, tuple(_open_range(i) if isinstance(i, nodes.Test) else i for i in items)
    )


def _context(p: Parser) -> Node:
    at = p.take().at
    entries: list[tuple[str, Node]] = []
    while not p.at_mark("}"):
        name = _entry_name(p)
        p.know(name)
        entries.append((name, p.expression()))
        if not p.skip(","):
            break
    p.expect("}", "to close the context")
    return nodes.ContextOf(at, tuple(entries))


def _entry_name(p: Parser) -> str:
    if p.now.kind == "string":
        name = unquoted(p.take().text)
        p.expect(":", "after the name of the entry")
        return name
    key = p.key()
    if key is None:
        raise p.fault("An entry of the context must begin with its name and “:”.")
    return key


def call(p: Parser, function: Node) -> Node:
    """`( arguments )`, all by place or all by name."""
    at = p.take().at
    names: list[str] = []
    arguments: list[Node] = []
    while not p.at_mark(")"):
        name = p.key()
        if name is not None:
            names.append(name)
        arguments.append(p.expression())
        if not p.skip(","):
            break
    p.expect(")", "to close the “(”")
    if names and len(names) != len(arguments):
        raise p.fault("Either all arguments are named or none.", at)
    return nodes.Call(at, function, tuple(arguments), tuple(names) or None)
