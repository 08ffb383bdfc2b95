"""A case as an order finds it: locked, with its program, its members, its engine and its past."""

from app.casework.cases.authority_log import AuthorityKind, note
from app.casework.cases.earlier_answers import (
    Viewpoint,
    by_step,
    collected,
    keep_part,
    know_part,
    newest,
    records,
    rows_of,
    step_name,
    steps_shown,
)
from app.casework.cases.fitting import unfit
from app.casework.cases.history import (
    EVERY,
    FORM,
    Body,
    Past,
    Place,
    Reader,
    Trail,
    Unreadable,
    answers_in,
)
from app.casework.cases.installation import Installation
from app.casework.cases.installation_log import LogKind
from app.casework.cases.installation_log import begin as begin_log
from app.casework.cases.installation_log import record as log_entry
from app.casework.cases.likeness import (
    SORTS,
    Alike,
    alike,
    keep_known_by,
    know_anew,
    shared_with,
)
from app.casework.cases.loaded_program import MERGED, UNMERGED, Loaded
from app.casework.cases.locked_case import TOLD, LockedCase, plain, request_print
from app.casework.cases.matters import Followed, as_kept, contexts, followed, named_in, told_of
from app.casework.cases.open_tasks import (
    Opened,
    doer_of,
    known,
    name_of,
    open_task,
    put_draft,
    said_in,
    scope,
)
from app.casework.cases.persons import answers_about_people, named_in_texts, persons
from app.casework.cases.programs import Programs
from app.casework.cases.telling import (
    contributors,
    mail_about,
    mails_to,
    shown_answers,
    standing_for,
    starters,
)

__all__ = [
    "EVERY",
    "FORM",
    "MERGED",
    "SORTS",
    "TOLD",
    "UNMERGED",
    "Alike",
    "AuthorityKind",
    "Body",
    "Followed",
    "Installation",
    "Loaded",
    "LockedCase",
    "LogKind",
    "Opened",
    "Past",
    "Place",
    "Programs",
    "Reader",
    "Trail",
    "Unreadable",
    "Viewpoint",
    "alike",
    "answers_about_people",
    "answers_in",
    "as_kept",
    "begin_log",
    "by_step",
    "collected",
    "contexts",
    "contributors",
    "doer_of",
    "followed",
    "happenings",
    "keep_known_by",
    "keep_part",
    "know_anew",
    "know_part",
    "known",
    "log_entry",
    "mail_about",
    "mails_to",
    "name_of",
    "named_in",
    "named_in_texts",
    "newest",
    "note",
    "open_task",
    "persons",
    "plain",
    "put_draft",
    "records",
    "request_print",
    "rows_of",
    "said_in",
    "scope",
    "shared_with",
    "shown_answers",
    "standing_for",
    "starters",
    "step_name",
    "steps_shown",
    "told_of",
    "unfit",
]
