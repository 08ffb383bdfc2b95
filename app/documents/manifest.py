"""Owns what lies beside a template, forms/documents/<id>.yaml: title, for whom, who, after what.

Whether the names in it exist is `document_lint`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from app.documents.published import Published as Published
from app.documents.published import read_published
from app.engine import NotExecutable, fault_in, looking_at, nearest

#: what a file name may be made of: never anything that somebody typed
NAME_PARTS = ("reference", "version", "date")
_NAME = re.compile(r"[A-Za-z0-9 _.,()-]*\Z")
MOST_BYTES = 20_000
#: lists and keys inside one another
MOST_DEEP = 10
MOST_BRACKETS = 200
INSIDE, BY_LAW, OUTWARD = AUDIENCES = ("inside", "by law", "outward")
#: what a manifest says no longer → what to say instead
OLD_WORDS = {
    "leaves": "“leaves” means nothing any more. Write “for: outward” (pseudonyms stand for names), "
    "“for: by law” (names, to a recipient who is recorded) or “for: inside” (names).",
    "pseudonyms": "“pseudonyms” means nothing any more: in a document “for: outward” pseudonyms "
    "stand for the names of all persons of the case. Mark the questions that ask for names in the "
    "forms, with the properties “persons” and “person_is”, and take “pseudonyms” out.",
}


@dataclass(frozen=True, slots=True)
class Manifest:
    id: str
    title: str
    #: groups that may make and read it
    groups: tuple[str, ...]
    #: pattern with {reference}, {version} and {date}, without the ending
    file_name: str
    #: ids of tasks or processes whose answers must be there first
    needs: tuple[str, ...] = ()
    #: for whom it is: "inside" (names), "by law" (names, and the recipient is recorded) or
    #: "outward" (pseudonyms)
    audience: str = INSIDE
    #: the manifest says so
    audience_said: bool = True
    #: names in FEEL (without "="), each with its kind, of a manifest of an earlier release: a case
    #: that began with it goes on hiding them
    old_names: tuple[tuple[str, str], ...] = ()
    #: what is told of it to everybody once it is published; None: it never is
    published: Published | None = None
    #: what its owner has to be told
    remarks: tuple[str, ...] = ()

    @property
    def outward(self) -> bool:
        return self.audience == OUTWARD

    def name(self, reference: str, version: int, date: str) -> str:
        made = self.file_name
        for part, value in (("reference", reference), ("version", str(version)), ("date", date)):
            made = made.replace("{" + part + "}", value)
        return re.sub(r"[^A-Za-z0-9 _.,()-]", "-", made)


def read_manifest(id: str, content: bytes) -> Manifest:
    """Raises `NotExecutable` with a sentence for whoever wrote it."""
    looking_at(f"forms/documents/{id}.yaml")
    given = _mapping(content)
    known = {"title", "groups", "file_name", "needs", "for", "published", *OLD_WORDS}
    for key in given:
        if key not in known:
            near = nearest(str(key), sorted(known))
            raise NotExecutable(
                f"“{key}” means nothing here." + (f" Did you mean “{near}”?" if near else "")
            )
    remarks = [OLD_WORDS[key] for key in OLD_WORDS if key in given]
    return Manifest(
        id=id,
        title=_text(given, "title"),
        groups=_texts(given, "groups", least=1),
        file_name=_file_name(_text(given, "file_name")),
        needs=_texts(given, "needs"),
        audience=_audience(given),
        audience_said="for" in given or "leaves" in given,
        old_names=tuple(_old_names(each) for each in _list(given, "pseudonyms")),
        published=read_published(given["published"]) if "published" in given else None,
        remarks=tuple(remarks),
    )


def _audience(given: Mapping[str, Any]) -> str:
    audience = given.get("for", OUTWARD if given.get("leaves") else INSIDE)
    if audience not in AUDIENCES:
        raise NotExecutable("“for” must be “inside”, “by law” or “outward”.")
    return str(audience)


def _mapping(content: bytes) -> Mapping[str, Any]:
    if len(content) > MOST_BYTES or b"&" in content:
        raise NotExecutable("The file is too large, or holds an anchor (&).")
    try:
        _refuse_depth(content)
        given = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise NotExecutable("The file is not valid YAML.") from fault
    broken = fault_in(given)
    if broken is not None:
        raise NotExecutable(f"The file cannot be used: {broken[0]} holds {broken[1]}.")
    if not isinstance(given, dict):
        raise NotExecutable("The file must hold keys with values: title, groups, file_name.")
    return given


def _refuse_depth(content: bytes) -> None:
    """Reads no further than where it becomes too deep: lists in lists cost their number squared."""
    depth = 0
    if content.count(b"[") + content.count(b"{") > MOST_BRACKETS:
        raise NotExecutable("It holds more brackets than a manifest can need.")
    for event in yaml.parse(content, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEEP:
            raise NotExecutable(f"Its lists and keys lie more than {MOST_DEEP} deep.")


def _text(given: Mapping[str, Any], key: str) -> str:
    text = given.get(key)
    if not isinstance(text, str) or not text.strip() or len(text) > 200:
        raise NotExecutable(f"“{key}” must be a text of at most 200 characters.")
    return text.strip()


def _list(given: Mapping[str, Any], key: str) -> list[Any]:
    values = given.get(key, [])
    if not isinstance(values, list):
        raise NotExecutable(f"“{key}” must be a list.")
    return values


def _texts(given: Mapping[str, Any], key: str, least: int = 0) -> tuple[str, ...]:
    texts = _list(given, key)
    if len(texts) < least or not all(isinstance(text, str) for text in texts):
        raise NotExecutable(f"“{key}” must be a list of texts" + (", one at least." * least or "."))
    return tuple(texts)


def _file_name(pattern: str) -> str:
    bare = re.sub(r"\{(\w+)\}", lambda m: "" if m[1] in NAME_PARTS else m[0], pattern)
    if not _NAME.match(bare):
        raise NotExecutable(
            "“file_name” may hold plain letters, digits and {reference}, {version}, {date}; "
            "nothing of what is in the case, so that no name of a person stands in it."
        )
    return pattern


def _old_names(given: Any) -> tuple[str, str]:
    if not isinstance(given, dict) or not str(given.get("names", "")).startswith("="):
        raise NotExecutable(OLD_WORDS["pseudonyms"])
    return str(given.get("as", "")), str(given["names"])[1:].strip()
