"""Owns what the rules of a table say twice, leave out, or say in vain, as warnings.

Only what is certain is said: a rule whose cell cannot be judged before a case asks it may overlap
and may fill a gap. Nothing given (null) and values of another kind are no gap and no overlap, but
for null in a column where a cell asks for it. A table too large to judge is passed over.
Source: DMN 1.5 §8.2.8 (hit policies).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from app.engine.dmn.cell_constants import Unknown, constant
from app.engine.dmn.grid import Axis, Judge, bits
from app.engine.dmn.model import Rule, Table
from app.engine.dmn.output_order import same
from app.engine.dmn.samples import Sample
from app.engine.errors import Fault
from app.engine.feel import parse

MOST_TOLD = 5
MOST_VISITS = 20_000
#: (rule of finding, sentence, line)
Told = tuple[str, str, int | None]


def told(table: Table, judge: Judge, misfit: frozenset[int]) -> Iterator[Told]:
    """Every finding about how the table's rules lie to one another.

    `misfit`: numbers of the rules that cannot apply for another reason, told already.
    """
    if any(len(rule.tests) != len(table.columns) for rule in table.rules):
        return
    try:
        axes = judge.axes(table)
        yield from _never(table, axes, misfit)
        yield from _overlaps(table, axes, judge)
        yield from _gap(table, axes)
        yield from _hidden(table, axes)
    except Unknown:
        return


def _never(table: Table, axes: list[Axis], misfit: frozenset[int]) -> Iterator[Told]:
    for number, rule in enumerate(table.rules):
        if rule.number in misfit:
            continue
        for axis in axes:
            if not axis.possible[number]:
                sentence = f"rule {rule.number} never applies: no value of “{axis.label}” meets it."
                yield "decision-rule-never", sentence, rule.line
                break


def _overlaps(table: Table, axes: list[Axis], judge: Judge) -> Iterator[Told]:
    """Two rules that some input meets both, where the hit policy does not bear it."""
    if table.hit_policy not in ("UNIQUE", "ANY"):
        return
    pairs: Iterator[tuple[int, int]] = islice(_pairs(len(table.rules), axes), MOST_VISITS)
    policy = "The hit policy Unique allows one."
    if table.hit_policy == "ANY":
        given = [_outputs(rule, judge) for rule in table.rules]
        pairs = (pair for pair in pairs if _differ(given[pair[0]], given[pair[1]]))
        policy = "The hit policy Any needs them to agree, and their outputs differ."
    for first, second in islice(pairs, MOST_TOLD):
        rule, other = table.rules[first], table.rules[second]
        example = _example(axes, first, second)
        sentence = f"rules {rule.number} and {other.number} both match: {example}. {policy}"
        yield "decision-overlap", sentence, other.line


def _pairs(count: int, axes: list[Axis]) -> Iterator[tuple[int, int]]:
    """Pairs of rules that certainly share an input, lower one first."""
    shared = [_sharing(axis) for axis in axes]
    for number in range(count):
        others = (1 << count) - (2 << number)
        for axis, sharing in zip(axes, shared, strict=True):
            others &= sharing[axis.certain[number]]
        for other in bits(others):
            yield number, other


def _sharing(axis: Axis) -> dict[int, int]:
    """For each mask of samples that a rule has: the rules that have one of these samples."""
    at = [axis.rules_at(number, axis.certain) for number in range(len(axis.samples))]
    sharing = {}
    for mask in set(axis.certain):
        rules = 0
        for sample in bits(mask & axis.counted):
            rules |= at[sample]
        sharing[mask] = rules
    return sharing


def _example(axes: list[Axis], first: int, second: int) -> str:
    said = []
    for axis in axes:
        mask = axis.certain[first] & axis.certain[second] & axis.counted
        if mask != axis.counted:
            said.append(_said(axis, axis.samples[next(bits(mask))]))
    return ", ".join(said) or "whatever is given"


def _said(axis: Axis, sample: Sample) -> str:
    return f"{axis.label} = {sample.words}"


def _outputs(rule: Rule, judge: Judge) -> list[Any]:
    """What each output cell gives; `Unknown` itself where only a case can say."""
    outputs: list[Any] = []
    for cell in rule.outputs:
        try:
            outputs.append(None if cell is None else constant(parse(cell.source, judge.names)))
        except (Unknown, Fault, RecursionError):
            outputs.append(Unknown)
    return outputs


def _differ(mine: list[Any], theirs: list[Any]) -> bool:
    """Whether two rules certainly give different outputs."""
    known = (pair for pair in zip(mine, theirs, strict=False) if Unknown not in pair)
    return any(not same(*pair) for pair in known)


def _gap(table: Table, axes: list[Axis]) -> Iterator[Told]:
    """An input that no rule is met by, where one result is expected and none is the default."""
    single = table.hit_policy in ("UNIQUE", "FIRST", "ANY", "PRIORITY")
    if not single or not table.rules or any(output.default is not None for output in table.outputs):
        return
    steps = [
        [
            (sample, axis.rules_at(number, axis.possible))
            for number, sample in enumerate(axis.samples)
            if not sample.beside
        ]
        for axis in axes
    ]
    gap = _Search(steps, len(table.rules)).uncovered((1 << len(table.rules)) - 1)
    if gap is not None:
        given = ", ".join(_said(axis, sample) for axis, sample in zip(axes, gap, strict=False))
        sentence = f"no rule matches {given}. Add a rule for it, or a default output."
        yield "decision-gap", sentence, table.line


def _hidden(table: Table, axes: list[Axis]) -> Iterator[Told]:
    """A rule that rules before it always forestall, where the first one wins."""
    if table.hit_policy != "FIRST":
        return
    at = [
        [axis.rules_at(number, axis.certain) for number in range(len(axis.samples))]
        for axis in axes
    ]
    visits = _Visits()
    for number, rule in enumerate(table.rules):
        if not number or not all(axis.possible[number] for axis in axes):
            continue
        steps = [
            [(axis.samples[bit], rules[bit]) for bit in bits(axis.possible[number])]
            for axis, rules in zip(axes, at, strict=True)
        ]
        search = _Search(steps, len(table.rules), visits)
        if search.uncovered((1 << number) - 1) is None:
            alone = search.covering((1 << number) - 1)
            by = (
                f"rule {table.rules[alone].number} before it matches"
                if alone is not None
                else "the rules before it match"
            )
            sentence = f"rule {rule.number} is never reached: {by} all that it asks for."
            yield "decision-rule-hidden", sentence, rule.line


class _Visits:
    def __init__(self) -> None:
        self.left = MOST_VISITS

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Unknown


class _Search:
    """Looks for an input that rules leave out: for each axis its samples and the rules at each."""

    def __init__(
        self, steps: list[list[tuple[Sample, int]]], count: int, visits: _Visits | None = None
    ) -> None:
        self.steps = steps
        self.visits = visits or _Visits()
        self._seen: set[tuple[int, int]] = set()
        #: rules that are met by everything from this axis on
        self._full = [(1 << count) - 1]
        for samples in reversed(steps):
            self._full.append(_all(self._full[-1], (rules for _, rules in samples)))
        self._full.reverse()

    def covering(self, rules: int) -> int | None:
        """The first of the rules that is met by everything."""
        return next(bits(rules & self._full[0]), None)

    def uncovered(self, rules: int, axis: int = 0) -> list[Sample] | None:
        """Samples, axis by axis as far as needed, that none of the rules is met by."""
        if not rules:
            return []
        if rules & self._full[axis] or (axis, rules) in self._seen:
            return None
        self.visits.step()
        self._seen.add((axis, rules))
        for sample, left in self._fewest_first(rules, axis):
            rest = self.uncovered(left, axis + 1)
            if rest is not None:
                return [sample, *rest]
        return None

    def _fewest_first(self, rules: int, axis: int) -> Iterator[tuple[Sample, int]]:
        """Of samples that leave the same rules one is enough; more rules leave no more out."""
        distinct: dict[int, Sample] = {}
        for sample, met in self.steps[axis]:
            distinct.setdefault(rules & met, sample)
        tried: list[int] = []
        for left in sorted(distinct, key=int.bit_count):
            if not any(mask & left == mask for mask in tried):
                tried.append(left)
                yield distinct[left], left


def _all(start: int, masks: Iterable[int]) -> int:
    for mask in masks:
        start &= mask
    return start
