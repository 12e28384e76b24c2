"""`python -m tests.audit`: known vulnerabilities of the packages that are pinned, and licences.

Vulnerabilities are asked for at the package index by pip-audit; where that does not answer, it is
said, and nothing fails: a test must not depend on somebody else's server. Licences are read off the
packages that are installed, so they are always looked at.
"""

import json
import re
import subprocess
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from app.environment import ROOT

SHIPPED = sorted(ROOT.glob("requirements*.txt"))
"""What comes with Basin, or is an optional part of it; what tests need is not passed on."""
SECONDS = 60
ALLOWED = re.compile(
    r"MIT|BSD|Apache|Python Software Foundation|PSF|ISC|MPL-2\.0|Mozilla Public License 2\.0|"
    r"0BSD|Zlib|CC0|Unlicense|Zope Public License",
    re.IGNORECASE,
)
"""Licences under which a package may be used and passed on beside the MIT licence of Basin."""
_FORBIDDEN = re.compile(r"\b(A?GPL|GNU (Affero )?General)", re.IGNORECASE)


def names(file: Path) -> list[str]:
    """The packages that a file of requirements pins, for this system or another."""
    return re.findall(r"^([a-z0-9-]+)==", file.read_text("utf-8"), re.MULTILINE)


def licence(package: Distribution) -> str:
    """The licence of an installed package, as it says itself; empty where it does not."""
    told = package.metadata.json
    classified = [
        line.split(" :: ")[-1]
        for line in told.get("classifier") or []
        if line.startswith("License ::")
    ]
    first_line = str(told.get("license") or "").strip().split("\n")[0]
    return str(told.get("license_expression") or ", ".join(classified) or first_line)


def licences() -> int:
    """Print the licence of every package that is shipped; how many of them may not be."""
    refused = 0
    for name in sorted({name for file in SHIPPED for name in names(file)}):
        try:
            said = licence(distribution(name))
        except PackageNotFoundError:
            print(f"{name}: not on this system")
            continue
        fits = ALLOWED.search(said) is not None and not _FORBIDDEN.search(said)
        refused += not fits
        print(f"{name}: {said or 'says nothing'}{'' if fits else '  <- may not be shipped'}")
    return refused


def vulnerabilities(file: Path) -> int:
    """Print what is known against the packages of a file; how much that is."""
    asked = [sys.executable, "-m", "pip_audit", "--requirement", str(file), "--disable-pip"]
    asked += ["--require-hashes", "--format=json", "--progress-spinner=off", "--timeout=10"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=SECONDS)
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print(f"{file.name}: the index did not answer; nothing is known of vulnerabilities")
        return 0
    found, looked_at = 0, 0
    for package in packages:
        looked_at += "vulns" in package
        for one in package.get("vulns", ()):
            found += 1
            print(f"{package['name']} {package['version']}: {one['id']}, {one['fix_versions']}")
    unknown = len(packages) - looked_at
    print(f"{file.name}: {looked_at} looked up, {found} vulnerabilities", end="")
    print(f"; the index did not answer about {unknown}" if unknown else "")
    return found


def main() -> int:
    """The exit status: 0 where nothing is known against what is shipped."""
    refused = licences()
    found = sum(vulnerabilities(file) for file in SHIPPED)
    return 1 if refused or found else 0


if __name__ == "__main__":
    sys.exit(main())
