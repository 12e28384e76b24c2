"""The Python environment of this project: made on first use, and anew when its requirements change.

`python -m app` and `python -m tests` start here, on any computer with nothing but Python. So this
is plain standard library, and whatever an old Python reads before it is told that it is too old
keeps to the syntax of Python 3.6.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
LOG = "setup.log"
STAMP = "setup.stamp"
THIS_PYTHON = "PLAYGROUND_THIS_PYTHON"

if sys.version_info < OLDEST:
    sys.exit(
        "Basin needs Python {}.{} or newer, and this is Python {}.{} ({}).\n"
        "Install a newer one (https://www.python.org/downloads/) and use it, "
        "for example: python3.13 -m app".format(*OLDEST, *sys.version_info[:2], sys.executable)
    )


def enter(module: str, folder: Path, requirements: list[Path]) -> None:
    """Return in an interpreter that has `requirements`, or start `module` anew in one.

    That interpreter is the one of `folder`, made here if it is missing, unfinished or made from
    other requirements. With PLAYGROUND_THIS_PYTHON=1 it is the running one, as it is.
    """
    if os.environ.get(THIS_PYTHON) == "1":
        return
    wanted = fingerprint(requirements)
    if not is_ready(folder, wanted):
        try:
            make(folder, requirements, wanted)
        except KeyboardInterrupt:
            sys.exit("\nInterrupted. The next start sets Basin up anew.")
        except OSError as error:
            sys.exit(f"\nThe environment {folder} cannot be made: {error}")
    restart(module, python_of(folder))


def fingerprint(requirements: list[Path]) -> str:
    """Return one hash over the requirements files."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in requirements)).hexdigest()


def is_ready(folder: Path, wanted: str) -> bool:
    """Tell whether `folder` holds a finished environment made from the requirements `wanted`."""
    stamp = folder / STAMP
    return python_of(folder).exists() and stamp.exists() and stamp.read_text().strip() == wanted


def python_of(folder: Path) -> Path:
    """Return the interpreter of the environment in `folder`."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def make(folder: Path, requirements: list[Path], wanted: str) -> None:
    """Make the environment in `folder`; the stamp that says it is finished comes last."""
    print(f"Setting Basin up in {folder} (once, about half a minute) ...", flush=True)
    if (folder / STAMP).exists():  # ours, not one that somebody made by hand
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STAMP).write_text("unfinished\n")
    try:
        venv.create(folder, with_pip=True, symlinks=sys.platform != "win32")
    except subprocess.CalledProcessError:
        sys.exit(
            "This Python cannot make environments: its modules venv or ensurepip are missing.\n"
            "On Debian and Ubuntu install them with: sudo apt install python3-venv"
        )
    install(folder, requirements)
    (folder / STAMP).write_text(wanted + "\n")
    print("Set up.", flush=True)


def install(folder: Path, requirements: list[Path]) -> None:
    """Install `requirements` with pip, which talks to a log; exit with a message if it cannot."""
    command = [str(python_of(folder)), "-m", "pip", "install", "--require-hashes", "--no-user"]
    command += ["--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--retries=2"]
    command += [word for file in requirements for word in ("-r", str(file))]
    total = sum("==" in line for file in requirements for line in file.read_text().splitlines())
    seen = 0
    pip = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    with pip, (folder / LOG).open("w", encoding="utf-8") as log:
        for line in pip.stdout or ():
            log.write(line)
            if line.startswith(("Collecting ", "Processing ")):
                seen += 1
                progress(f"  package {seen} of {total}")
            elif line.startswith("Installing "):
                progress("  writing files")
    progress("")
    if pip.returncode != 0:
        sys.exit(explain((folder / LOG).read_text(encoding="utf-8"), folder / LOG))


def progress(words: str) -> None:
    """Show `words` on the terminal's last line, in place of what it showed before."""
    if sys.stdout.isatty():
        print(f"\r{words:<24}\r", end="", flush=True)


def explain(output: str, log: Path) -> str:
    """Return what went wrong, and what to do, in the words of somebody who has never seen pip."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if any(sign in output for sign in ("onnection broken", "onnection error", "timed out")):
        problem = (
            "Basin could not be set up: the network is missing, or the package index is.\n"
            "The first start fetches Basin's packages from it. Check the connection (behind a\n"
            "proxy, set HTTPS_PROXY) and start again: later starts need no network."
        )
    elif "No matching distribution" in output:
        problem = (
            f"Basin could not be set up: a package is not made for Python {version} on this\n"
            "computer. Start Basin with another Python, for example: python3.13 -m app"
        )
    else:
        errors = [line for line in output.splitlines() if line.startswith("ERROR: ")]
        problem = "Basin could not be set up.\n" + "\n".join(errors[:1])
    return f"{problem}\npip's own words are in {log}"


def restart(module: str, python: Path) -> None:
    """Go on as `module` in the interpreter `python`, with the same arguments; do not return."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        THIS_PYTHON: "1",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
    command = [str(python), "-m", module, *sys.argv[1:]]
    if sys.platform == "win32":  # its exec would give the terminal back at once
        process = subprocess.Popen(command, env=environment)
        while True:
            try:
                sys.exit(process.wait())
            except KeyboardInterrupt:
                continue  # Ctrl+C reaches both; the one inside ends in its own time
    else:
        os.execve(python, command, environment)
