"""Writes the histories of this release for the test that keeps them readable for ever.

    python -m tests.golden 0.1.0

plays every journey into tests/golden/0.1.0.db.xz, with the key beside it.
"""

from __future__ import annotations

import lzma
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    name = sys.argv[1]
    os.environ["RAPID_REVIEW_SECRETS"] = str(HERE)
    from app import journeys
    from app.config.installation import load

    top = HERE.parent.parent
    files = sorted(str(path) for path in (top / "bpmn" / "journeys").glob("*.yaml"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "golden.db"
        config = load(top / "config.yaml")
        code = journeys.walk(config, files, coverage=None, database=f"sqlite:///{path}", say=print)
        if code == 0:
            (HERE / f"{name}.db.xz").write_bytes(lzma.compress(path.read_bytes()))
    return code


if __name__ == "__main__":
    sys.exit(main())
