"""Operators and their precedence, from loosest to tightest; single terms are in `terms`.

    expression  = if | for | some/every | function | disjunction
    disjunction = conjunction { "or" conjunction }
    conjunction = comparison { "and" comparison }
    comparison  = sum { ("=" | "!=" | "<" | "<=" | ">" | ">=") sum
                      | "between" sum "and" sum | "in" tests }
    sum         = product { ("+" | "-") product }
    product     = power { ("*" | "/") power }
    power       = typed { "**" typed }
    typed       = negation { "instance" "of" type }
    negation    = { "-" } postfix
    postfix     = term { "." name | "[" expression "]" | "(" arguments ")" }
(DMN 1.3 §10.3.1; `3 ** 4 ** 5` is (3 ** 4) ** 5 there.)
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from app.engine.feel.syntax import nodes, terms
from app.engine.feel.syntax.cursor import Cursor
from app.engine.feel.syntax.nodes import Node

_COMPARE = ("=", "!=", "<", "<=", ">", ">=")
#: a "[" before one of these closes an interval rather than opening a filter
_AFTER_INTERVAL = frozenset({
    "", ")", "]", ",", "}", "=", "!=", "<", "<=", ">", ">=", "+", "*", "/", "**", ".", "..",
    "and", "or", "then", "else", "in", "return", "satisfies",
})  # fmt: skip
_LONGEST_CHAIN = 60


def parse(source: str, names: Collection[str] = ()) -> Node:
    """One whole expression. ExpressionFault with its place where it is not one."""
    return _tree(source, tuple(sorted(name for name in names if not name.isidentifier())))


@lru_cache(maxsize=4096)
def _tree(source: str, names: tuple[str, ...]) -> Node:
    """A tree is never changed, and a check asks for that of one text many times."""
    parser = Parser(source, names)
    node = parser.expression()
    parser.finish()
    return node


def parse_tests(source: str, names: Collection[str] = ()) -> nodes.UnaryTestsOf:
    """A DMN input entry: `-` or nothing, tests with commas, or `not(tests)`."""
    parser = Parser(source, names)
    if parser.now.kind == "end" or (parser.at_mark("-") and parser.next.kind == "end"):
        return nodes.UnaryTestsOf(0, ())
    if parser.at_word("not") and parser.next.text == "(":
        mark = parser.place
        parser.place += 2
        tests = parser.tests()
        parser.expect(")", "to close “not(”")
        if parser.now.kind == "end":
            return nodes.UnaryTestsOf(0, tests, negated=True)
        parser.place = mark
    tests = parser.tests()
    parser.finish()
    return nodes.UnaryTestsOf(0, tests)


class Parser(Cursor):
    """A recursive-descent parser; each method is one line of the grammar above."""

    #: True while reading the end of an interval, where "[" may close it
    closing: bool = False

    def finish(self) -> None:
        if self.now.kind != "end":
            raise self.fault(
                f"“{self.now.text}” does not fit here; the expression ended before it."
            )

    def expression(self) -> Node:
        self.deeper()
        closing, self.closing = self.closing, False
        node = terms.block(self) or self._disjunction()
        self.closing = closing
        self.depth -= 1
        return node

    def _disjunction(self) -> Node:
        return self._junction("or", self._conjunction)

    def _conjunction(self) -> Node:
        return self._junction("and", self._comparison)

    def _junction(self, word: str, operand: terms.Rule) -> Node:
        at = self.now.at
        operands = [operand()]
        while self.at_word(word):
            self.take()
            operands.append(operand())
        return operands[0] if len(operands) == 1 else nodes.Junction(at, word, tuple(operands))

    def _comparison(self) -> Node:
        node = self.sum()
        count = 0
        while True:
            at = self.now.at
            count += 1
            if count > _LONGEST_CHAIN:
                raise self.fault("Too many comparisons follow each other here.")
            if self.at_mark(*_COMPARE):
                node = nodes.Compare(at, self.take().text, node, self.sum())
            elif self.skip("between"):
                node = self._between(at, node)
            elif self.skip("in"):
                node = nodes.In(at, node, self._tests_after_in())
            else:
                return node

    def _between(self, at: int, value: Node) -> Node:
        low = self.sum()
        self.expect("and", "between the two limits of “between”")
        return nodes.Between(at, value, low, self.sum())

    def _tests_after_in(self) -> tuple[Node, ...]:
        if not self.at_mark("("):
            return (self.sum() if not self.at_mark(*_COMPARE) else self.test(),)
        mark = self.place
        at = self.take().at
        first = self.test()
        if self.at_mark(".."):
            self.place = mark
            return (self.sum(),)
        tests = [first]
        while self.skip(","):
            tests.append(self.test())
        self.expect(")", f"to close the “(” at column {at + 1}")
        return tuple(tests)

    def tests(self) -> tuple[Node, ...]:
        """Unary tests with commas between."""
        tests = [self.test()]
        while self.skip(","):
            tests.append(self.test())
        return tuple(tests)

    def test(self) -> Node:
        """One positive unary test: an operator and its operand, or any expression."""
        at = self.now.at
        if self.at_mark(*_COMPARE):
            return nodes.Test(at, self.take().text, self.sum())
        return self.expression()

    def sum(self) -> Node:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Node:
        return self._chain(("*", "/"), self._power)

    def _power(self) -> Node:
        return self._chain(("**",), self._typed)

    def _chain(self, operators: tuple[str, ...], operand: terms.Rule) -> Node:
        first = operand()
        if not self.at_mark(*operators):
            return first
        at = self.now.at
        rest: list[tuple[str, Node]] = []
        while self.at_mark(*operators):
            rest.append((self.take().text, operand()))
        return nodes.Arithmetic(at, first, tuple(rest))

    def _typed(self) -> Node:
        node = self._negation()
        while self.at_word("instance") and self.next.text == "of":
            at = self.take().at
            self.take()
            node = nodes.InstanceOf(at, node, terms.type_text(self))
        return node

    def _negation(self) -> Node:
        at = self.now.at
        count = 0
        while self.skip("-"):
            count += 1
        node = self._postfix()
        for _ in range(min(count, 2 + count % 2)):
            node = nodes.Negate(at, node)
        return node

    def _postfix(self) -> Node:
        node = terms.term(self)
        count = 0
        while True:
            at = self.now.at
            count += 1
            if count > _LONGEST_CHAIN:
                raise self.fault("Too many steps follow each other here.")
            if self.at_mark("."):
                self.take()
                node = nodes.Path(at, node, self.name("after the “.”"))
            elif self.at_mark("[") and not self._closes_interval():
                self.take()
                node = nodes.Filter(at, node, self.expression())
                self.expect("]", "to close the filter")
            elif self.at_mark("("):
                node = terms.call(self, node)
            else:
                return node

    def _closes_interval(self) -> bool:
        return self.closing and self.next.text in _AFTER_INTERVAL
