"""Documents of a case: the list with every version, making the next one, and the files.

What is shown before one leaves is `leaving`'s. What stands in them and who may is casework's; the
API gives the same in JSON.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import ProduceDocument, Refused, Undecided, views
from app.web.pages.case.leaving import Answer, decisions, leaving_page
from app.web.site import desk, now, person

bp = Blueprint("documents", __name__, url_prefix="/cases/<case>/documents")


@bp.get("")
def page(case: str) -> str:
    return _page(case)


@bp.post("/<document>")
def produce(case: str, document: str) -> Answer:
    """One that leaves is shown before, with what is replaced in it and who gets it."""
    sent = request.form
    command = ProduceDocument(
        actor=person(), at=now(), key=sent.get("_key") or None, case=case,
        document=document, format=sent.get("format", ""), sources=bool(sent.get("sources")),
        recipient=sent.get("recipient", ""), seen=sent.get("seen", ""),
        decisions=decisions(sent), also=tuple(sent.get("also", "").splitlines()),
    )  # fmt: skip
    try:
        done = desk().do(command)
    except Refused as error:
        if "leaving" in sent:
            return leaving_page(case, document, error)
        if isinstance(error, Undecided) or "recipient" in error.fields:
            sources = "yes" if command.sources else None
            about = url_for(
                ".leaving", case=case, document=document, format=command.format, sources=sources
            )
            return redirect(about, 303)
        return _page(case, error.sentence, document), 422
    if not done.replayed:
        flash(f"Version {done.answer['version']} is made.", "success")
    return redirect(url_for(".page", case=case, _anchor=document))


@bp.get("/<document>/before-it-leaves")
def leaving(case: str, document: str) -> Answer:
    return leaving_page(case, document)


@bp.get("/<document>/<int:version>")
def download(case: str, document: str, version: int) -> Response:
    return file(case, document, version)


def file(case: str, document: str, version: int) -> Response:
    """The file as an attachment: never shown in the page's own place."""
    kept = views.kept_document(desk(), person(), case, document, version, now())
    answer = Response(kept.content, mimetype=kept.media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{kept.name}"'
    answer.headers["ETag"] = f'"{kept.sha256}"'
    return answer


def _page(case: str, trouble: str | None = None, about: str | None = None) -> str:
    document_page = views.document_page(desk(), person(), case, now())
    return render_template("documents.html", found=document_page, trouble=trouble, about=about)
