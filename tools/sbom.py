"""Writes what a release is made of as CycloneDX 1.6 JSON: the lock file and what is vendored.

Usage: python -m tools.sbom > var/sbom.json
"""

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==([^\s;]+)([^\n]*)", re.MULTILINE)
VENDORED = re.compile(r"^\| ([\w.]+) \| npm `([^`]+)` \| ([0-9][0-9.]*) \|", re.MULTILINE)


def packages(lock: str) -> Iterator[dict[str, Any]]:
    """List the locked packages with the hashes that pip insists on."""
    for name, version, rest in PIN.findall(lock.replace("\\\n", " ")):
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", rest)
        purl = f"pkg:pypi/{name}@{version}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
            **_licence(name),
            "properties": [
                {"name": "mypage:sha256-of-a-file-that-may-be-installed", "value": each}
                for each in hashes
            ],
        }


def vendored(folder: Path) -> Iterator[dict[str, Any]]:
    """List the files under static/vendor/ with their hashes."""
    for file, package, version in VENDORED.findall((folder / "README.md").read_text("utf-8")):
        purl = f"pkg:npm/{package.replace('@', '%40')}@{version}"
        content = (folder / file).read_bytes()
        yield {
            "type": "file",
            "bom-ref": f"static/vendor/{file}",
            "name": package,
            "version": version,
            "purl": purl,
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}],
        }


def _licence(name: str) -> dict[str, Any]:
    """Give the licence that an installed package declares; one for another platform has none."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return {}
    told = about.get("License-Expression") or about.get("License") or ""
    return {"licenses": [{"license": {"name": told.splitlines()[0][:100]}}]} if told else {}


def bill() -> dict[str, Any]:
    """Write the whole bill; the same source gives the same bill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    name, version = project["name"], project["version"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": f"pkg:pypi/{name}@{version}",
                "name": name,
                "version": version,
            }
        },
        "components": [*packages(lock), *vendored(ROOT / "static" / "vendor")],
    }


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
