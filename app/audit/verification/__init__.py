"""Whether cases are as they were written: their chains, what stands beside them, run once more.

`verify_case` and `verify_all` make all checks; `heads` is a list to keep elsewhere, `missed` what
of it is not here any more. `verify_installation` does the same for the installation's own log.
"""

from app.audit.verification.head_list import heads, missed
from app.audit.verification.installation import verify_installation
from app.audit.verification.rebuilding import archived, rebuilt
from app.audit.verification.replay import WRONG
from app.audit.verification.verdicts import Verdict, verify_all, verify_case

__all__ = [
    "WRONG",
    "Verdict",
    "archived",
    "heads",
    "missed",
    "rebuilt",
    "verify_all",
    "verify_case",
    "verify_installation",
]
