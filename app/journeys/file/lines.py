"""YAML as process owners mean it, with the line of everything that was read.

`yes` and `no`, times and dates stay text (YAML 1.2), so that `14:05` is not a number. Which keys
mean what is `reading`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import yaml

from app.engine import fault_of, named

#: nobody wants to get these right
_MARKS = dict.fromkeys(map(ord, "“”‘’'\""))
_MOST_NODES = 50_000
_MOST_BYTES = 1_000_000


class JourneyFault(Exception):
    """This journey cannot be read or does not hold."""

    def __init__(self, sentence: str, *, line: int | None = None, file: str = "") -> None:
        self.sentence, self.line, self.file = sentence, line, file
        super().__init__(sentence)

    def __str__(self) -> str:
        place = ", ".join(
            part for part in (self.file, f"line {self.line}" if self.line else "") if part
        )
        return f"{place}: {self.sentence}" if place else self.sentence


class _Loader(yaml.SafeLoader):
    """Only null, true/false and plain numbers are not text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+\.[0-9]+$"), list("-+0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^(?:<<)$"), ["<"])


class Lines:
    """The tree of one file. Every fault it raises names the file and the line."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self._left = _MOST_NODES
        if len(text) > _MOST_BYTES:
            raise JourneyFault("The file is too large for a journey.", file=file)
        try:
            loader = _Loader(text)
            root = loader.get_single_node()
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise JourneyFault(f"Not YAML: {error.problem}.", line=line, file=file) from error
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            sentence = f"The file holds {named(chr(error.character))}."
            raise JourneyFault(sentence, line=line, file=file) from error
        except yaml.YAMLError as error:
            raise JourneyFault("Not YAML.", file=file) from error
        if root is None:
            raise JourneyFault("The file is empty.", file=file)
        self.root: yaml.Node = root

    def fault(self, node: yaml.Node, sentence: str) -> JourneyFault:
        return JourneyFault(sentence, line=line_of(node), file=self.file)

    def fault_at(self, line: int, sentence: str) -> JourneyFault:
        return JourneyFault(sentence, line=line, file=self.file)

    def pairs(self, node: yaml.Node) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """(key, its node, the value's node) of a mapping; a key given twice is a fault."""
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(node, "Here a block of “key: value” lines is expected.")
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.fault(key, "A key must be a plain text.")
            self._sound(key)
            if key.value in seen:
                raise self.fault(key, f"The key “{key.value}” stands here twice.")
            seen.add(key.value)
            yield key.value, key, value

    def items(self, node: yaml.Node) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.fault(node, "Here a list is expected.")
        return list(node.value)

    def value(self, node: yaml.Node) -> Any:
        """The node as plain values: dict, list, str, int, Decimal, bool, None."""
        self._left -= 1
        if self._left < 0:
            raise self.fault(node, "The file holds too much for a journey.")
        if isinstance(node, yaml.MappingNode):
            return {key: self.value(value) for key, _, value in self.pairs(node)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(entry) for entry in node.value]
        return self._scalar(node)

    def text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode) or node.tag.endswith(":null"):
            raise self.fault(node, "Here a text is expected.")
        self._sound(node)
        return str(node.value)

    def words(self, node: yaml.Node) -> str:
        """A text that says something: more than quotation marks and spaces."""
        text = self.text(node)
        if not text.translate(_MARKS).strip():
            raise self.fault(node, "Here a text is expected, not an empty one.")
        return text

    def _sound(self, node: yaml.Node) -> None:
        broken = fault_of(str(node.value))
        if broken is not None:
            raise self.fault(node, f"This text holds {broken}.")

    def texts(self, node: yaml.Node) -> list[tuple[str, int]]:
        """A list of texts, or one text, each with its line."""
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return [(self.text(entry), line_of(entry)) for entry in nodes]

    def truth(self, node: yaml.Node) -> bool:
        value = self.value(node)
        if not isinstance(value, bool):
            raise self.fault(node, "Here true or false is expected.")
        return value

    def said_true(self, node: yaml.Node) -> bool:
        """True; anything else is a fault."""
        if not self.truth(node):
            raise self.fault(node, "Say “true”, or leave it out.")
        return True

    def count(self, node: yaml.Node) -> int:
        number = self.value(node)
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise self.fault(node, "How many? A whole number is expected.")
        return number

    @staticmethod
    def is_empty(node: yaml.Node) -> bool:
        """Nothing, an empty list or an empty block."""
        if isinstance(node, yaml.ScalarNode):
            return node.tag.endswith(":null")
        return not node.value

    def _scalar(self, node: yaml.Node) -> Any:
        kind = node.tag.rpartition(":")[2]
        if kind == "null":
            return None
        if kind == "bool":
            return node.value.lower() == "true"
        if kind == "int":
            return int(node.value)
        if kind == "float":
            return Decimal(node.value)
        if kind != "str":
            raise self.fault(node, f"YAML tags like “{node.tag}” are not read.")
        self._sound(node)
        return node.value


def line_of(node: yaml.Node) -> int:
    """1-based."""
    return int(node.start_mark.line) + 1


def bare(text: str) -> str:
    """Without quotation marks, case and odd spaces."""
    return " ".join(text.translate(_MARKS).split()).casefold()
