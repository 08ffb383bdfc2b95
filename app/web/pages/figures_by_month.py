"""The figures on timeliness month by month, as plots with the tables that say the same, and as CSV.

What is counted is config.yaml's, how is the audit room's.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, render_template

from app.audit.by_month import ByMonth, Month, by_month
from app.audit.exports import months_csv
from app.audit.timeliness import SMALL
from app.engine import saying
from app.web import plots
from app.web.pages.figures import asked_years
from app.web.site import desk, now, person, site

bp = Blueprint("figures_by_month", __name__, url_prefix="/figures/by-month")


@bp.get("")
def page() -> str:
    kind, report = _report()
    return render_template(
        "figures_by_month.html",
        found=report,
        kind=kind,
        own=site().config.years,
        plot=_plot,
        month_of=saying.month_of,
        small=SMALL,
    )


@bp.get("/download.csv")
def csv() -> Response:
    _, report = _report()
    name = f"timeliness-by-month-{report.as_of.date().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(months_csv(report), content_type="text/csv; charset=utf-8", headers=headers)


def _report() -> tuple[str, ByMonth]:
    config = site().config
    kind, years, year = asked_years()
    return kind, by_month(desk(), person(), now(), config.timeliness, years, year, config.counts)


def _plot(months: Sequence[Month]) -> plots.Plot:
    """Of what is decided; what is not yet due stands in the table alone."""
    return plots.bars(
        [(f"{saying.month(m.first)[:3]} {m.first.year}", m.numbers[:4]) for m in months]
    )
