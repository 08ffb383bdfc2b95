"""ClamAV itself looks at what somebody sends, with one signature of ours and no other database."""

from __future__ import annotations

import io
import os
import pwd
import shutil
import subprocess
import zipfile
from collections.abc import Iterator

import pytest

from app.bounded import looked_at
from app.engine import Fault
from tests.documents.test_received import office, word
from tests.limits import PATIENCE_S, until

CLAMD = shutil.which("clamd", path=os.pathsep.join((os.environ["PATH"], "/usr/sbin")))
pytestmark = pytest.mark.skipif(
    CLAMD is None, reason="ClamAV is not on this machine (Debian's clamav-daemon; see .ci/system)"
)
WORD = b"a word that stands in no letter"
#: docs/operations.md names all of these but the size, which is small here
CONFIGURED = """\
DatabaseDirectory {folder}
LocalSocket {folder}/clamd.ctl
TemporaryDirectory {folder}
User {user}
Foreground yes
StreamMaxLength 4M
MaxScanSize 2M
AlertExceedsMax yes
"""


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "ours.ndb").write_text(f"Ours.Word:0:*:{WORD.hex()}\n")
    user = pwd.getpwuid(os.getuid()).pw_name
    (folder / "clamd.conf").write_text(CONFIGURED.format(folder=folder, user=user))
    said = (folder / "log").open("w")
    running = subprocess.Popen([str(CLAMD), f"--config-file={folder / 'clamd.conf'}"], stdout=said)
    try:
        until((folder / "clamd.ctl").exists, (folder / "log").read_text)
        yield f"unix:{folder / 'clamd.ctl'}"
    finally:
        running.kill()
        running.wait(PATIENCE_S)
        said.close()


def holding(content: bytes) -> bytes:
    """A Word file that has it in a part which nobody reads."""
    changed = io.BytesIO(word())
    with zipfile.ZipFile(changed, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/embeddings/a.bin", content)
    return changed.getvalue()


def test_what_it_finds_nothing_in_is_taken(scanner: str) -> None:
    assert [looked_at(content, scanner) for content in (word(), b"a" * 1_900_000)] == [
        "docx", "txt",
    ]  # fmt: skip


REFUSED = {
    "what it knows": (b"x " + WORD, "something harmful"),
    "packed inside a document": (holding(WORD), "something harmful"),
    "more than it takes": (b"a" * 4_200_000, "too large for the virus scanner"),
    "unpacks to more than it looks through": (
        office(**{"xl/a.xml": bytes(3_000_000)}),
        "too large for the virus scanner",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_it_does_not_let_pass_is_refused_with_its_reason(
    scanner: str, content: bytes, words: str
) -> None:
    with pytest.raises(Fault) as told:
        looked_at(content, scanner)
    assert words in told.value.sentence
    assert looked_at(b"another", scanner) == "txt", "the next file is looked at as ever"
