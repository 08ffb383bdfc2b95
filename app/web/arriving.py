"""Owns how much of a request is held while it arrives: of files what can be kept, of all else what
answers can be.

What is beyond that is counted and let go, so that whoever sent it reads which file it was, and
every answer beside it is there. What is in a file says `bounded`; whether it may stand, the form.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any, cast

from flask import Request as FlaskRequest
from werkzeug.exceptions import RequestEntityTooLarge

from app.documents.tables import MOST_BYTES as MOST_OF_TABLE
from app.engine import Fault
from app.engine.attached import size_in_words
from app.engine.forms.capacity import MOST_CHARACTERS
from app.web.site import site

#: what no form of the process is sent with
FORM_BYTES = 2 * 1024 * 1024
#: answers to the largest form that the check lets through: a letter of another script takes six
#: bytes in a form's body, and a question brings inputs of ours
ANSWER_BYTES = 6 * MOST_CHARACTERS + FORM_BYTES
#: all files of one upload to the editor together
UPLOAD_BYTES = 20 * 1024 * 1024
#: blueprints of tasks, whose forms may ask for files
TAKING_FILES = frozenset({"task", "task_sections", "guest"})
#: what all files of one form that is sent may come to
TOGETHER = 30_000_000
#: … and what is read of a form with files, most of it to be let go; no more is taken from the line
MOST_SENT = 200_000_000
#: what stands around each part of a form with files
_AROUND = FORM_BYTES


class Room:
    """What one request holds and has brought."""

    def __init__(self, left: int) -> None:
        #: bytes that its files can still take together
        self.left = left
        #: bytes of files, held or not
        self.files = 0


class Arriving:
    """A file of a form as it arrives, held in memory as long as it can be kept. Reading one that
    cannot raises `Fault` with the sentence for whoever sent it."""

    def __init__(self, room: Room, most: int) -> None:
        self._held, self._room, self._most = BytesIO(), room, most
        self._size, self._crowded = 0, False

    def write(self, piece: bytes) -> int:
        self._size += len(piece)
        self._room.files += len(piece)
        self._crowded |= len(piece) > self._room.left
        if self._crowded or self._size > self._most:
            self._let_go()
        else:
            self._room.left -= self._held.write(piece)
        return len(piece)

    def _let_go(self) -> None:
        self._room.left += self._held.tell()
        self._held = BytesIO()

    def seek(self, at: int) -> int:
        return self._held.seek(at)

    def read(self, size: int = -1) -> bytes:
        if self._size > self._most:
            most, its = size_in_words(self._most), size_in_words(self._size)
            raise Fault(f"It is larger than {most}: it has {its}.")
        if self._crowded:
            most = size_in_words(TOGETHER)
            raise Fault(f"With the others that you chose it is more than {most}. Choose it again.")
        return self._held.read(size)

    def close(self) -> None:
        self._held.close()


class _Counted:
    """A request's body, of which all that is no file may have so many bytes."""

    def __init__(self, body: IO[bytes], room: Room, most: int) -> None:
        self._body, self._room, self._most, self._read = body, room, most, 0

    def read(self, size: int = -1) -> bytes:
        piece = self._body.read(size)
        self._read += len(piece)
        if self._read - self._room.files > self._most:
            raise RequestEntityTooLarge
        return piece


class Request(FlaskRequest):
    _room: Room | None = None

    @property
    def takes_files(self) -> bool:
        return self.blueprint in TAKING_FILES and self.mimetype == "multipart/form-data"

    def _get_stream_for_parsing(self) -> IO[bytes]:
        body = super()._get_stream_for_parsing()
        if not self.takes_files:
            return body
        self._room = Room(TOGETHER)
        return cast(IO[bytes], _Counted(body, self._room, ANSWER_BYTES + _AROUND))

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> Any:
        """In memory, never in a file of ours."""
        if self._room is None:  # bounded as a whole
            return Arriving(Room(UPLOAD_BYTES), UPLOAD_BYTES)
        return Arriving(self._room, max(site().config.files.most_bytes, MOST_OF_TABLE))
