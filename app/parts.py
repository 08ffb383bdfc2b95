"""Lists every part of the product with its licence, as CycloneDX: `python -m app.parts [FILE]`.

Python packages by what is pinned and installed, browser packages by the lock of npm. On its own.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_CLASSIFIED = "License :: OSI Approved :: "


def pinned(lock: Path = ROOT / "requirements.txt") -> dict[str, str]:
    """Name → version of every Python package that the product is installed with."""
    return dict(_PIN.findall(lock.read_text(encoding="utf-8")))


def licence(name: str) -> str:
    """What the installed package says of its licence; "" where it is not installed."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    fields = ("License-Expression", "License")
    said = next((about[field] for field in fields if about[field]), "")
    classes = [each for each in about.get_all("Classifier") or [] if each.startswith(_CLASSIFIED)]
    named = "; ".join(each.removeprefix(_CLASSIFIED) for each in classes)
    return named if classes and (not said or len(said) > 60) else said.strip().split("\n")[0]


def components() -> list[dict[str, Any]]:
    parts = [("pypi", name, version, licence(name)) for name, version in pinned().items()]
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    for path, about in lock["packages"].items():
        if path:
            name = path.rpartition("node_modules/")[2]
            parts.append(("npm", name, about["version"], str(about.get("license", ""))))
    return [
        {
            "type": "library", "bom-ref": f"{kind}:{name}@{version}", "name": name,
            "version": version, "purl": f"pkg:{kind}/{name.replace('@', '%40')}@{version}",
            **({"licenses": [{"license": {"name": said}}]} if said else {}),
        }
        for kind, name, version, said in dict.fromkeys(parts)
    ]  # fmt: skip


def bill() -> dict[str, Any]:
    product = {"type": "application", "name": "rapid-review", "version": "0.1.0"}
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": product}, "components": components(),
    }  # fmt: skip


if __name__ == "__main__":
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "sbom.json")
    out.write_text(json.dumps(bill(), indent=1) + "\n", encoding="utf-8")
    print(f"{len(components())} parts are listed in {out}.")
