"""A file that came with what somebody typed, looked at already: what it is and its bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from app.engine.attached import Attached, plain_name


@dataclass(frozen=True, kw_only=True)
class NewFile:
    #: as it was called where it came from
    name: str
    #: a key of `engine.attached.KINDS`, by its content
    kind: str
    content: bytes = field(repr=False)

    @cached_property
    def attached(self) -> Attached:
        """As the answer names it."""
        digest = hashlib.sha256(self.content).hexdigest()
        return Attached(plain_name(self.name, self.kind), len(self.content), self.kind, digest)
