"""Word templates for tests, made in memory, and what stands in a finished document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

from docx import Document

Rows = Sequence[Sequence[str]]


def word(*blocks: str | Rows, footer: str = "") -> bytes:
    """A template: a text is a paragraph (behind “# ” its title, behind “## ” a heading), rows are a
    table."""
    made = Document()
    for block in blocks:
        if isinstance(block, str):
            marks, _, text = block.partition("# ")
            heads = marks in ("", "#") and block.startswith("#")
            made.add_heading(text, len(marks)) if heads else made.add_paragraph(block)
            continue
        table = made.add_table(rows=0, cols=len(block[0]))
        for row in block:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.paragraphs[0].add_run(text)
    if footer:
        made.sections[0].footer.paragraphs[0].text = footer
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(content: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The package with each part changed, and more parts in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for one in old.infolist():
            new.writestr(one.filename, change(one.filename, old.read(one)))
        for name, part in more.items():
            new.writestr(name.replace("__", "/").replace("_DOT_", "."), part)
    return out.getvalue()


def lines(content: bytes) -> list[str]:
    """Its paragraphs and rows as texts, in order."""
    found = []
    for one in Document(io.BytesIO(content)).iter_inner_content():
        rows = getattr(one, "rows", None)
        if rows is None:
            found.append(one.text)  # type: ignore[union-attr]
        else:
            found += [" | ".join(cell.text for cell in row.cells) for row in rows]
    return [line for line in found if line]


def document(
    id: str, template: bytes, *, groups: str = "clerk", more: str = ""
) -> dict[str, bytes]:
    """Files of a document in a deployment."""
    audience = "" if "for: " in more or "leaves: " in more else "for: inside\n"
    manifest = audience + (
        f"title: The note\ngroups: [{groups}]\nfile_name: '{{reference}} note v{{version}}'\n"
    )
    return {
        f"forms/documents/{id}.docx": template,
        f"forms/documents/{id}.yaml": (manifest + more).encode(),
    }
