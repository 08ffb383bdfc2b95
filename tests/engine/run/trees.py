"""Random processes built of blocks, whose trace is known by how they are built.

Each block has one way in and one way out. What it adds to the trace is computed beside it, so the
engine is compared with something that knows nothing of tokens.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from .kit import (
    boundary,
    call,
    catch,
    end,
    flows,
    gate,
    handler,
    many,
    node,
    process,
    task,
    throw,
    user,
)


@dataclass
class Block:
    body: str
    arcs: list[str]
    first: str
    last: str
    #: how often each task is completed
    trace: Counter[str]


def times(trace: Counter[str], count: int) -> Counter[str]:
    return Counter({name: number * count for name, number in trace.items()})


@dataclass
class Maker:
    rnd: Random
    #: most blocks to make
    left: int = 25
    count: int = 0
    called: list[str] = field(default_factory=list)
    #: loop id → laps
    laps: dict[str, int] = field(default_factory=dict)

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def block(self, depth: int = 0) -> Block:
        self.left -= 1
        if depth > 4 or self.left <= 0:
            return self.step()
        kinds = [self.step, self.row, self.choice, self.fork, self.some, self.loop, self.scope,
                 self.repeated, self.calls, self.caught, self.ended, self.handled, self.cancelled,
                 self.beside, self.undone, self.raced]  # fmt: skip
        chosen = self.rnd.choice(kinds)
        return chosen() if chosen == self.step else chosen(depth)  # type: ignore[call-arg,operator]

    def step(self) -> Block:
        id = self.id("t")
        made = user(id) if self.rnd.random() < 0.6 else task(id)
        return Block(made, [], id, id, Counter([id]))

    def row(self, depth: int) -> Block:
        parts = [self.block(depth + 1) for _ in range(self.rnd.randint(2, 3))]
        arcs = [f"{a.last}->{b.first}" for a, b in pairwise(parts)]
        arcs += [arc for one in parts for arc in one.arcs]
        trace = sum((one.trace for one in parts), Counter())
        return Block("".join(p.body for p in parts), arcs, parts[0].first, parts[-1].last, trace)

    def branches(self, kind: str, chosen: list[bool], depth: int) -> Block:
        split, join = self.id("g"), self.id("g")
        body, arcs, trace = gate(split, kind) + gate(join, kind), [], Counter[str]()
        for yes in chosen:
            one = self.block(depth + 1)
            body += one.body
            condition = "" if kind == "parallel" else f" [{str(yes).lower()}]"
            arcs += [f"{split}->{one.first}{condition}", f"{one.last}->{join}", *one.arcs]
            trace += one.trace if yes else Counter()
        return Block(body, arcs, split, join, trace)

    def choice(self, depth: int) -> Block:
        chosen = [False] * self.rnd.randint(2, 3)
        chosen[self.rnd.randrange(len(chosen))] = True
        return self.branches("exclusive", chosen, depth)

    def fork(self, depth: int) -> Block:
        return self.branches("parallel", [True] * self.rnd.randint(2, 3), depth)

    def some(self, depth: int) -> Block:
        chosen = [self.rnd.random() < 0.5 for _ in range(3)]
        chosen[self.rnd.randrange(3)] = True
        return self.branches("inclusive", chosen, depth)

    def loop(self, depth: int) -> Block:
        inner, ask = self.block(depth + 1), self.id("loop")
        merge, split, count = self.id("g"), self.id("g"), self.rnd.randint(2, 3)
        self.laps[ask] = count
        body = gate(merge) + inner.body + user(ask)
        body += gate(split).replace(f'id="{split}"', f'id="{split}" default="d_{split}"', 1)
        out = self.id("t")
        arcs = [f"{merge}->{inner.first}", f"{inner.last}->{ask}", f"{ask}->{split}",
                f"{split}->{merge} [lap_{ask} != 0]", f"{split}->{out} {{d_{split}}}"]  # fmt: skip
        trace = times(inner.trace + Counter([ask]), count) + Counter([out])
        return Block(body + task(out), [*arcs, *inner.arcs], merge, out, trace)

    def inside(self, depth: int) -> tuple[str, str, Counter[str]]:
        one, begin, finish = self.block(depth + 1), self.id("s"), self.id("e")
        arcs = [f"{begin}->{one.first}", f"{one.last}->{finish}", *one.arcs]
        body = node("startEvent", begin) + one.body + node("endEvent", finish)
        return body, "; ".join(arcs), one.trace

    def scope(self, depth: int) -> Block:
        id, tag = self.id("sp"), self.rnd.choice(["subProcess", "transaction"])
        body, arcs, trace = self.inside(depth)
        return Block(node(tag, id, body + flows(arcs, id)), [], id, id, trace)

    def repeated(self, depth: int) -> Block:
        id, count = self.id("mi"), self.rnd.randint(0, 3)
        body, arcs, trace = self.inside(depth)
        items = f"=[{', '.join(map(str, range(count)))}]"
        loop = many(items, f"item_{id}", sequential=self.rnd.random() < 0.5)
        made = node("subProcess", id, loop + body + flows(arcs, id))
        return Block(made, [], id, id, times(trace, count))

    def calls(self, depth: int) -> Block:
        id, name = self.id("c"), self.id("Q")
        body, arcs, trace = self.inside(depth)
        self.called.append(process(body, arcs, name))
        return Block(call(id, name), [], id, id, trace)

    def caught(self, depth: int) -> Block:
        """What is inside ends with an error, which the boundary event catches."""
        id, after, merge = self.id("sp"), self.id("t"), self.id("g")
        body, arcs, trace = self.inside(depth)
        finish = arcs.split("; ")[1].partition("->")[2]
        body = body.replace(node("endEvent", finish), end(finish, "error broken"))
        skipped = self.id("t")
        made = node("subProcess", id, body + flows(arcs, id)) + boundary(f"b_{id}", id, "error")
        made += task(after) + task(skipped) + gate(merge)
        ways = [f"{id}->{skipped}", f"{skipped}->{merge}", f"b_{id}->{after}", f"{after}->{merge}"]
        return Block(made, ways, id, merge, trace + Counter([after]))

    def ended(self, depth: int) -> Block:
        """One branch inside terminates the scope while another never gets done."""
        id = self.id("sp")
        body, arcs, trace = self.inside(depth)
        first, finish = arcs.split("; ")[0], arcs.split("; ")[1].partition("->")[2]
        begin, target = first.split("->")
        split, never, wait = self.id("g"), self.id("never"), f"m_{id}"
        body = body.replace(node("endEvent", finish), end(finish, "terminate"))
        body += gate(split, "parallel") + user(never) + node("endEvent", wait)
        arcs = arcs.replace(first, f"{begin}->{split}; {split}->{target}; {split}->{never}; "
                                   f"{never}->{wait}", 1)  # fmt: skip
        return Block(node("subProcess", id, body + flows(arcs, id)), [], id, id, trace)

    def handled(self, depth: int) -> Block:
        """Inside, an escalation runs a handler beside the flow, once for each throw."""
        id, before = self.id("sp"), self.id("x")
        body, arcs, trace = self.inside(depth)
        first = arcs.split("; ")[0]
        begin, target = first.split("->")
        arcs = arcs.replace(first, f"{begin}->{before}; {before}->{target}", 1)
        body += throw(before, "escalation up") + handler(f"h_{id}", "escalation up",
                                                         interrupts=False)  # fmt: skip
        made = node("subProcess", id, body + flows(arcs, id))
        return Block(made, [], id, id, trace + Counter([f"h_{id}_done"]))

    def cancelled(self, depth: int) -> Block:
        """A transaction that is called off, left by its cancel boundary event."""
        id, after = self.id("sp"), self.id("t")
        body, arcs, trace = self.inside(depth)
        finish = arcs.split("; ")[1].partition("->")[2]
        body = body.replace(node("endEvent", finish), end(finish, "cancel"))
        never, merge = self.id("never"), self.id("g")
        made = node("transaction", id, body + flows(arcs, id)) + boundary(f"b_{id}", id, "cancel")
        ways = [f"b_{id}->{after}", f"{after}->{merge}", f"{id}->{never}", f"{never}->{merge}"]
        made += task(after) + user(never) + gate(merge)
        return Block(made, ways, id, merge, trace + Counter([after]))

    def beside(self, depth: int) -> Block:
        """An escalation end event inside runs a branch beside, which is waited for."""
        id, aside, join = self.id("sp"), self.id("t"), self.id("g")
        body, arcs, trace = self.inside(depth)
        last = arcs.split("; ")[1].partition("->")[2]
        body = body.replace(node("endEvent", last), end(last, "escalation up"))
        made = node("subProcess", id, body + flows(arcs, id)) + task(aside)
        made += boundary(f"b_{id}", id, "escalation up", cancels=False) + gate(join, "parallel")
        ways = [f"b_{id}->{aside}", f"{aside}->{join}", f"{id}->{join}"]
        return Block(made, ways, id, join, trace + Counter([aside]))

    def undone(self, depth: int) -> Block:
        """A task is done, then what is inside, then the task is undone."""
        id, done, back = self.id("sp"), self.id("t"), self.id("u")
        body, arcs, trace = self.inside(depth)
        first, last = arcs.split("; ")[0], arcs.split("; ")[1].partition("->")[2]
        begin, target = first.split("->")
        arcs = arcs.replace(first, f"{begin}->{done}; {done}->{target}", 1)
        what = f'<bpmn:compensateEventDefinition activityRef="{done}"/>'
        body = body.replace(node("endEvent", last), node("endEvent", last, what))
        event = "<bpmn:compensateEventDefinition/>"
        body += task(done) + node("boundaryEvent", f"b_{done}", event, attachedToRef=done)
        body += node("task", back, isForCompensation="true") + flows(arcs, id)
        body += f'<bpmn:association id="a_{done}" sourceRef="b_{done}" targetRef="{back}"/>'
        return Block(node("subProcess", id, body), [], id, id, trace + Counter([done, back]))

    def raced(self, depth: int) -> Block:
        """The earlier of two timers wins."""
        split, merge, soon, late = (self.id(kind) for kind in ("g", "g", "c", "c"))
        one, other = self.block(depth + 1), self.id("never")
        body = gate(split, "event") + gate(merge) + one.body + user(other)
        body += catch(soon, f"timer PT{self.rnd.randint(1, 5)}H") + catch(late, "timer PT9H")
        arcs = [f"{split}->{late}", f"{split}->{soon}", f"{soon}->{one.first}", *one.arcs]
        arcs += [f"{one.last}->{merge}", f"{late}->{other}", f"{other}->{merge}"]
        return Block(body, arcs, split, merge, one.trace)


def made(seed: int) -> tuple[list[str], Counter[str], dict[str, int]]:
    """Processes ("P" first), the trace of P, and the laps of each loop's user task."""
    maker = Maker(Random(seed))
    one = maker.block()
    body = node("startEvent", "s") + one.body + node("endEvent", "e")
    arcs = "; ".join([f"s->{one.first}", f"{one.last}->e", *one.arcs])
    return [process(body, arcs), *maker.called], +one.trace, maker.laps
