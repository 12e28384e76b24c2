"""What is shipped: pinned packages, the image, CI, and a page that asks no other host."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import tomllib
from http.client import HTTPConnection
from itertools import combinations
from pathlib import Path

import pytest

from app.environment import OLDEST, ROOT

OPTIONAL = sorted(path.name for path in ROOT.glob("requirements-*.txt"))
REQUIREMENTS = ["requirements.txt", *OPTIONAL, "tests/requirements.txt"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
SHOWN = [path for name in ("static", "templates") for path in (ROOT / name).rglob("*.*")]
NAMES_OF_FORMATS = {"www.w3.org"}  # in xmlns; nothing is fetched from there


def pins(name: str) -> list[list[str]]:
    """Return the words of every requirement in a file: the pin, then its hashes."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / name).read_text(), flags=re.MULTILINE)
    return [shlex.split(line) for line in text.replace("\\\n", " ").splitlines()]


def instructions(word: str) -> list[str]:
    """Return what follows every instruction `word` of the Dockerfile."""
    return re.findall(rf"^\s*{word}\s+(.*)$", DOCKERFILE, flags=re.MULTILINE)


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_package_is_pinned_with_hashes_and_nothing_else_is_said(name: str) -> None:
    for pin, *rest in pins(name):
        assert re.fullmatch(r"[a-z0-9-]+==[0-9a-z.]+", pin)
        marker = " ".join(word for word in rest if not word.startswith("--hash="))
        known = r"(sys_platform|platform_python_implementation|python_full_version) (\S=|<) [\w.]+"
        assert re.fullmatch(rf"|; {known}", marker)
        assert sum(word.startswith("--hash=sha256:") for word in rest) >= 1


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_no_index_and_no_path_of_somebodys_computer_is_in_the_requirements(name: str) -> None:
    assert not re.search(
        r"index|find-links|://|/(home|opt|tmp|root|Users)\b", (ROOT / name).read_text()
    )


def test_the_requirements_hold_what_the_project_depends_on() -> None:
    pinned = {pin.split("==")[0]: pin for pin, *_ in pins("requirements.txt")}
    for dependency in PROJECT["dependencies"]:
        match = re.fullmatch(
            r"([a-z0-9-]+)(?:\[\w+\])?(==[0-9.]+[0-9]|==\d+\.\*)(;.*)?", dependency
        )
        assert match, dependency
        assert pinned[match[1]].startswith(match[1] + match[2].removesuffix("*"))


@pytest.mark.parametrize(("one", "other"), [*combinations(REQUIREMENTS, 2)])
def test_requirements_files_agree(one: str, other: str) -> None:
    first, second = ({pin.split("==")[0]: pin for pin, *_ in pins(name)} for name in (one, other))
    assert {name: second[name] for name in first if name in second}.items() <= first.items()


def test_ci_runs_the_one_command() -> None:
    script = ROOT / ".ci" / "run"
    commands = [line for line in script.read_text().splitlines() if not line.startswith("#")]
    assert commands == ["set -eu", 'cd "$(dirname "$0")/.."', "python3 -m tests"]
    assert sys.platform == "win32" or os.access(script, os.X_OK)


def test_the_public_workflow_runs_both_commands_on_every_python_and_system() -> None:
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8")
    for command in ("python -m tests", "python -m app --no-browser"):
        assert command in workflow
    pythons = re.findall(r"python: \[(.*)\]", workflow)
    assert len(pythons) == 2
    for listed in pythons:
        minors = [int(minor) for minor in re.findall(r'"3\.(\d+)"', listed)]
        assert minors == list(range(OLDEST[1], minors[-1] + 1))
    assert "os: [ubuntu-latest, windows-latest, macos-latest]" in workflow
    assert all(re.search(r"@v\d", action) for action in re.findall(r"uses: (.*)", workflow))


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_page_names_no_other_host(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", errors="replace")
    hosts = re.findall(r"""(?:https?:|wss?:|["'(=])//([a-z0-9-]+(?:\.[a-z0-9-]+)+)""", text)
    assert set(hosts) <= NAMES_OF_FORMATS


def test_the_image_holds_what_it_copies_and_nothing_more() -> None:
    copied = [word.rstrip("/") for line in instructions("COPY") for word in line.split()[:-1]]
    assert sorted(copied) == sorted(["app", "requirements.txt", *OPTIONAL, "static", "templates"])
    assert all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    assert sorted(line[1:] for line in ignored if line.startswith("!")) == sorted(copied)


def test_the_image_does_not_run_as_root() -> None:
    assert instructions("USER") == ["basin"]


if sys.platform != "win32":  # where gunicorn does not exist

    def test_the_image_serves_and_knows_whether_it_is_well(tmp_path: Path) -> None:
        check, serve = map(json.loads, re.findall(r"\bCMD\s+(\[.*\])", DOCKERFILE))
        assert check[0] == "python"
        assert serve[0] == "gunicorn"
        settings = dict(re.findall(r"([A-Z_]+)=(\S+)", " ".join(instructions("ENV"))))
        settings["PORT"] = str(free_port())
        settings["PLAYGROUND_STORE"] = f"sqlite:///{tmp_path / 'basin.db'}"
        variables = {**os.environ, **settings}
        check[0] = sys.executable
        serve[:1] = [sys.executable, "-m", "gunicorn"]
        serve = [word for word in serve if "/dev/shm" not in word or Path("/dev/shm").is_dir()]
        assert subprocess.run(check, env=variables, capture_output=True).returncode != 0
        with subprocess.Popen(serve, cwd=ROOT, env=variables, stderr=subprocess.PIPE) as server:
            try:
                wait_for(int(settings["PORT"]), server)
                assert subprocess.run(check, env=variables).returncode == 0
            finally:
                server.terminate()
                said = (server.stderr.read() if server.stderr else b"").decode()
        assert server.returncode == 0
        assert "Traceback" not in said


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers; fail if it ends before."""
    while server.poll() is None:
        connection = HTTPConnection("127.0.0.1", port)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError(f"the server ended with {server.returncode}")
