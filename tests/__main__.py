"""`python -m tests`: every check of Basin, in an environment of its own.

    python -m tests                      everything
    python -m tests --only python,js     some groups or parts; --list names them
    python -m tests -k surface           what is not known here goes to pytest
    python -m tests --only pytest -n0 -s  … in one process, for a debugger or for what tests print
    python -m tests --fix                puts right what formatters and linters can put right

The environment is `.venv-tests`, made from requirements.txt and tests/requirements.txt. Node.js
comes with it, the packages that check JavaScript from tests/js/package-lock.json.
"""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Lock
from typing import NamedTuple

from app import environment  # ends the program, with a word, where Python is too old
from tests import node

ROOT = environment.ROOT
ESLINT = ["--config", "tests/js/eslint.config.js", "--max-warnings=0", "static/js", "tests/js"]
PRETTIER = ["--config", "tests/js/.prettierrc.json", "--log-level=warn", "static", "tests/js"]
# Four workers share the tests on two cores, as many wait for browsers, servers, studies and clocks,
# and two more for each core more, up to a point; tests/conftest.py says which worker takes what.
WORKERS = min(max(4, 2 * (os.cpu_count() or 1)), 16)
PYTEST = ["pytest", f"--numprocesses={WORKERS}", "--dist=loadfile", "--no-loadscope-reorder"]
BEFORE_PYTEST = {"browser", "npm", "programs"}
"""The parts that install what tests use; pytest begins after them, and while the others run."""
LAYERS = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
PRINTING = Lock()  # the lines of one part stay together


class Part(NamedTuple):
    """A command that succeeds or fails, and the part of its group that has to come before it."""

    group: str
    name: str
    command: list[str]
    needs: str = ""


def main() -> int:
    """Run the parts asked for; the exit status is 0 if all went well."""
    options, for_pytest = words().parse_known_args()
    parts = select(fixes() if options.fix else checks(for_pytest), options.only)
    if options.list:
        print("\n".join(f"{part.group:8}{part.name}" for part in parts))
        return 0
    requirements = [ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"]
    # Python compiles what is imported, once: not all that pip unpacks, and not in every process.
    os.environ["PIP_NO_COMPILE"] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.enter("tests", ROOT / ".venv-tests", requirements)
    os.chdir(ROOT)
    return run(parts)


def words() -> argparse.ArgumentParser:
    """Return the words that `python -m tests` understands; all others are pytest's."""
    summary, usage = (__doc__ or "").split("\n\n", 1)
    parser = argparse.ArgumentParser(
        prog="python -m tests",
        description=summary,
        epilog=usage,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--list", action="store_true", help="name the parts, in order")
    parser.add_argument("--only", metavar="NAMES", help="groups or parts, with commas between")
    parser.add_argument("--fix", action="store_true", help="rewrite the files instead of checking")
    return parser


def checks(for_pytest: list[str]) -> list[Part]:
    """Return every part, in order; pytest is the last, as its closing line ends the output."""
    python = [sys.executable, "-m"]
    typed = [name for name in ("app", "tests", "benchmarks") if (ROOT / name).is_dir()]
    found = (file.relative_to(ROOT) for file in node.JS.rglob("*.test.js"))
    js_tests = sorted(str(file) for file in found if "node_modules" not in file.parts)
    return [
        Part("python", "ruff", [*python, "ruff", "check", "."]),
        Part("python", "format", [*python, "ruff", "format", "--check", "."]),
        Part("python", "mypy", [*python, "mypy", *typed]),
        Part("python", "layers", [sys.executable, "-c", LAYERS, "--no-cache"]),
        Part("python", "audit", [*python, "tests.audit"]),
        Part("js", "npm", [*python, "tests.node"]),
        Part("js", "node", [str(node.NODE), "--test", *js_tests]),
        Part("js", "types", [*python, "tests.api_types"], "npm"),
        Part("js", "tsc", node.package("typescript-7/bin/tsc", "-p", "tests/js"), "npm"),
        Part("js", "eslint", node.package("eslint/bin/eslint.js", *ESLINT), "npm"),
        Part("js", "prettier", node.package("prettier/bin/prettier.cjs", "-c", *PRETTIER), "npm"),
        Part("tests", "browser", [*python, "tests.chromium"]),
        Part("tests", "programs", [*python, "tests.programs"], "browser"),
        Part("tests", "pytest", [*python, *PYTEST, *for_pytest], "programs"),
    ]


def fixes() -> list[Part]:
    """Return what rewrites files, in order."""
    ruff = [sys.executable, "-m", "ruff"]
    return [
        Part("python", "ruff", [*ruff, "check", "--fix-only", "."]),
        Part("python", "format", [*ruff, "format", "."]),
        Part("js", "npm", [sys.executable, "-m", "tests.node"]),
        Part("js", "types", [sys.executable, "-m", "tests.api_types", "--write"], "npm"),
        Part("js", "eslint", node.package("eslint/bin/eslint.js", "--fix", *ESLINT), "npm"),
        Part("js", "prettier", node.package("prettier/bin/prettier.cjs", "-w", *PRETTIER), "npm"),
    ]


def select(parts: list[Part], only: str | None) -> list[Part]:
    """Return the parts that --only names by name or group, and what they need; all without it."""
    if only is None:
        return parts
    asked = set(only.split(","))
    unknown = asked - {part.name for part in parts} - {part.group for part in parts}
    if unknown:
        sys.exit(f"No part is called {', '.join(sorted(unknown))}; `python -m tests --list` tells.")
    needed = {part.name for part in parts if {part.name, part.group} & asked}
    for part in reversed(parts):  # what is needed stands before what needs it
        if part.name in needed:
            needed.add(part.needs)
    return [part for part in parts if part.name in needed]


def run(parts: list[Part]) -> int:
    """Run all parts, going on after a failure, and return the exit status.

    The groups run side by side, the parts of a group one after another. pytest begins when what it
    needs is there, and fills the processor that the last parts leave; it is heard when they are
    done, so that its closing line ends the output.
    """
    groups: dict[str, list[Part]] = {}
    for part in parts:
        if part.name != "pytest":
            groups.setdefault(part.group, []).append(part)
    over = {part.name: Event() for part in parts}
    with ThreadPoolExecutor(max_workers=max(1, len(groups))) as pool:
        running = [pool.submit(run_group, group, over) for group in groups.values()]
        pytest = begin_pytest(parts, over)
        try:
            well = {name for group in running for name in group.result()}
        except BaseException:
            if pytest is not None:
                pytest.kill()
            raise
    failed = [part.name for part in parts if part.name not in well | {"pytest"}]
    if pytest is not None:
        if len(parts) > 1:
            print(summary(failed, len(parts) - 1), flush=True)
        print("pytest", flush=True)
        if hear(pytest):
            failed.append("pytest")
    if failed or pytest is None:
        print(summary(failed, len(parts)), flush=True)
    return 1 if failed else 0


def begin_pytest(parts: list[Part], over: dict[str, Event]) -> subprocess.Popen[bytes] | None:
    """Start pytest, if it is the last part, once the parts it needs are over."""
    if parts[-1].name != "pytest":
        return None
    for name in BEFORE_PYTEST & over.keys():
        over[name].wait()
    colour = {"PY_COLORS": "1"} if sys.stdout.isatty() else {}
    return subprocess.Popen(
        parts[-1].command,
        env={**os.environ, **colour},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def hear(process: subprocess.Popen[bytes]) -> int:
    """Pass on what a process says until it ends, and return its exit status."""
    assert process.stdout is not None
    with process:
        for said in iter(partial(os.read, process.stdout.fileno(), 65536), b""):
            sys.stdout.buffer.write(said)
            sys.stdout.flush()
    return process.returncode


def run_group(parts: list[Part], over: dict[str, Event]) -> list[str]:
    """Run some parts one after another, and return the names of those that went well."""
    well = []
    for part in parts:
        try:
            if run_one(part):
                well.append(part.name)
        finally:
            over[part.name].set()
    return well


def run_one(part: Part) -> bool:
    """Run one part and return whether it went well; what it printed is shown if it failed."""
    begun = time.monotonic()
    done = subprocess.run(
        part.command,
        env={**os.environ, "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    well = done.returncode == 0
    line = f"{part.name:10}{'ok' if well else 'FAILED':8}{time.monotonic() - begun:6.1f} s\n"
    with PRINTING:
        sys.stdout.buffer.write(line.encode() + (b"" if well else done.stdout))
        sys.stdout.flush()
    return well


def summary(failed: list[str], total: int) -> str:
    """Return one line about how it went."""
    if failed:
        return f"FAILED: {', '.join(failed)} ({total - len(failed)} of {total} parts went well)"
    return f"{total} of {total} parts went well"


if __name__ == "__main__":
    sys.exit(main())
