"""What a drill says when it has ended: what it did, counted, and what was wrong."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Report:
    """Begins when the drill begins. `seed` repeats it."""

    name: str
    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    #: sentences; none: all held
    faults: list[str] = field(default_factory=list)
    #: why a part was left out on this machine
    left_out: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def ended(self) -> Report:
        self.seconds = time.monotonic() - self.begun
        return self

    def line(self) -> str:
        counted = ", ".join(f"{count:,} {what}" for what, count in self.counts.items())
        word = "good" if not self.faults else f"{len(self.faults)} FAULTS"
        left = "".join(f"; left out: {why}" for why in self.left_out)
        return f"{self.name} (seed {self.seed}): {word}, {counted}, {self.seconds:.0f} s{left}"
