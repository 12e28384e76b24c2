"""Programs that tests run beside Basin: where they are, or Debian's packages that have them.

`python -m tests.programs` finds them all, and installs those that are missing where it may.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.chromium import as_root

PACKAGES = {"redis-server": "redis-server", "nginx": "nginx-light"}
"""Every program, and the package that has it."""
PLACES = ("/usr/local/sbin", "/usr/sbin", "/usr/local/bin", "/usr/bin", "/opt/homebrew/bin")
"""Where they may be beside PATH: an ordinary user's has no sbin."""


class Missing(Exception):
    """A program is not there, and cannot be had; the message says which, and what to do."""


def find(name: str) -> Path:
    """Return where a program is. Raises Missing."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *PLACES])
    if found := shutil.which(name, path=path):
        return Path(found)
    raise Missing(
        f"The tests run {name}, and there is none here.\n"
        f"Install it, on Debian and Ubuntu with: apt-get install {PACKAGES[name]}"
    )


def find_or_install() -> list[Path]:
    """Return where all programs are; Debian's packages of those missing are installed as root."""
    try:
        return [find(name) for name in PACKAGES]
    except Missing as error:
        if (root := as_root()) is None or not shutil.which("apt-get"):
            raise
        words = str(error)
    # The level of a machine that is being served: no package starts its own service there.
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-q", "-y"]
    install = ["install", "--no-install-recommends", *PACKAGES.values()]
    for arguments in (["update"], install):
        done = subprocess.run([*apt, *arguments], stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip()
            raise Missing(f"{words}\napt-get {arguments[0]} failed:\n{said}")
    return [find(name) for name in PACKAGES]


if __name__ == "__main__":
    try:
        print(*find_or_install(), sep="\n")
    except Missing as error:
        sys.exit(str(error))
