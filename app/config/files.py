"""Reads which files are taken with answers: how large, how many, and what scanner looks at them."""

from __future__ import annotations

from dataclasses import dataclass

from app.bounded import is_scanner
from app.config.sections import ConfigError, Section
from app.engine.attached import MOST_FILES, size_in_words

#: a file is held in memory, and in one row of the database; so much comes at one time
MOST_MB = 25


@dataclass(frozen=True, slots=True)
class Files:
    #: megabytes of one file
    most_mb: int = 10
    #: files of one question
    most_each: int = 10
    #: address of ClamAV; "": no scanner looks at files
    scanner: str = ""

    @property
    def most(self) -> str:
        """“10 MB”"""
        return size_in_words(self.most_bytes)

    @property
    def most_bytes(self) -> int:
        return self.most_mb * 1_000_000


def read_files(top: Section) -> Files:
    section = top.section("files", {})
    read = Files(
        section.number("most_mb", 10),
        section.number("most_each", 10),
        section.text("scanner", ""),
    )
    section.finish()
    for key, number, most in (
        ("most_mb", read.most_mb, MOST_MB), ("most_each", read.most_each, MOST_FILES),
    ):  # fmt: skip
        if not 1 <= number <= most:
            raise ConfigError(
                f"{top.file}: “{section.name(key)}” is {number}; it may be 1 to {most}."
            )
    if read.scanner and not is_scanner(read.scanner):
        raise ConfigError(
            f"{top.file}: “{section.name('scanner')}” is {read.scanner!r}. Write where ClamAV "
            "listens, like unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310."
        )
    return read
