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

from app.engine.feel import nodes, terms
from app.engine.feel.cursor import Cursor
from app.engine.feel.nodes import Node

_COMPARE = ("=", "!=", "<", "<=", ">", ">=")
#: a "[" before one of these closes an interval rather than opening a filter
_AFTER_INTERVAL = frozenset({
    "", ")", "]", ",", "}", "=", "!=", "<", "<=", ">", ">=", "+", "*", "/", "**", ".", "..",
    "and", "or", "then", "else", "in", "return", "satisfies",
})  # fmt: skip
_LONGEST_CHAIN = 60


def parse(source: str, names: Collection[str] = ()) -> Node:
    """One whole expression. ExpressionFault with its place where it is not one."""
    parser = Parser(source, names)
    found = parser.expression()
    parser.finish()
    return found


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
        found = terms.block(self) or self._disjunction()
        self.closing = closing
        self.depth -= 1
        return found

    def _disjunction(self) -> Node:
        return self._junction("or", self._conjunction)

    def _conjunction(self) -> Node:
        return self._junction("and", self._comparison)

    def _junction(self, word: str, operand: terms.Rule) -> Node:
        at = self.now.at
        found = [operand()]
        while self.at_word(word):
            self.take()
            found.append(operand())
        return found[0] if len(found) == 1 else nodes.Junction(at, word, tuple(found))

    def _comparison(self) -> Node:
        found = self.sum()
        count = 0
        while True:
            at = self.now.at
            count += 1
            if count > _LONGEST_CHAIN:
                raise self.fault("Too many comparisons follow each other here.")
            if self.at_mark(*_COMPARE):
                found = nodes.Compare(at, self.take().text, found, self.sum())
            elif self.skip("between"):
                found = self._between(at, found)
            elif self.skip("in"):
                found = nodes.In(at, found, self._tests_after_in())
            else:
                return found

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
        found = [first]
        while self.skip(","):
            found.append(self.test())
        self.expect(")", f"to close the “(” at column {at + 1}")
        return tuple(found)

    def tests(self) -> tuple[Node, ...]:
        """Unary tests with commas between."""
        found = [self.test()]
        while self.skip(","):
            found.append(self.test())
        return tuple(found)

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
        found = self._negation()
        while self.at_word("instance") and self.next.text == "of":
            at = self.take().at
            self.take()
            found = nodes.InstanceOf(at, found, terms.type_text(self))
        return found

    def _negation(self) -> Node:
        at = self.now.at
        count = 0
        while self.skip("-"):
            count += 1
        found = self._postfix()
        for _ in range(min(count, 2 + count % 2)):
            found = nodes.Negate(at, found)
        return found

    def _postfix(self) -> Node:
        found = terms.term(self)
        count = 0
        while True:
            at = self.now.at
            count += 1
            if count > _LONGEST_CHAIN:
                raise self.fault("Too many steps follow each other here.")
            if self.at_mark("."):
                self.take()
                found = nodes.Path(at, found, self.name("after the “.”"))
            elif self.at_mark("[") and not self._closes_interval():
                self.take()
                found = nodes.Filter(at, found, self.expression())
                self.expect("]", "to close the filter")
            elif self.at_mark("("):
                found = terms.call(self, found)
            else:
                return found

    def _closes_interval(self) -> bool:
        return self.closing and self.next.text in _AFTER_INTERVAL
