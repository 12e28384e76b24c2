"""Starting on a fresh computer: what is needed, what is made, and what is said if it cannot be."""

import ast
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app import __main__ as start
from app import environment
from tests.serving import Server

ROOT = environment.ROOT
READ_BY_OLD_PYTHONS = [
    "app/__init__.py",
    "app/__main__.py",
    "app/environment.py",
    "tests/__init__.py",
    "tests/__main__.py",
]
NO_INDEX = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project with a bare environment and these variables."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "PLAYGROUND_", "PYTHON"))
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**inherited, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


class Shelf:
    """A package index on disk with one tiny package, and a requirements file that asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = folder / "an environment"
        self.requirements = folder / "requirements.txt"

    def offer(self, version: str) -> None:
        """Offer this version of the package, and require it."""
        wheel = self.folder / f"tiny-{version}-py3-none-any.whl"
        info = f"tiny-{version}.dist-info"
        files = {
            "tiny.py": f"import sys\nprint('tiny', {version!r}, sys.prefix, sys.argv[1:])\n",
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, text in {**files, f"{info}/RECORD": record}.items():
                archive.writestr(name, text)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        self.requirements.write_text(f"tiny=={version} --hash=sha256:{digest}\n")

    def enter(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Enter the environment and run the package in it."""
        return self._run(
            "environment.enter('tiny', folder, [file])\nprint('entered nothing')\n",
            *arguments,
            **variables,
        )

    def install(self, requirements: str) -> subprocess.CompletedProcess[str]:
        """Install these in the environment that there is, as at the end of making one."""
        self.requirements.write_text(requirements)
        return self._run("environment.install(folder, [file])\n")

    def _run(
        self, code: str, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        code = (
            "import sys; from pathlib import Path; from app import environment\n"
            "folder, file = map(Path, sys.argv[1:3]); del sys.argv[1:3]\n"
        ) + code
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.folder.as_uri()}
        pip["PIP_CONFIG_FILE"] = os.devnull
        paths = [str(self.environment), str(self.requirements)]
        return run("-c", code, *paths, *arguments, **(variables or pip))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path)
    shelf.offer("1.0")
    return shelf


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shelf, str]:
    """A shelf whose environment is finished, and what was printed when it was made and entered."""
    shelf = Shelf(tmp_path_factory.mktemp("first"))
    shelf.offer("1.0")
    done = shelf.enter("--port", "1 2")
    assert done.returncode == 0, done.stderr
    return shelf, done.stdout


@pytest.mark.parametrize("module", ["app", "tests"])
def test_an_old_python_is_told_that_it_is_too_old(module: str) -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 6, 15, 'final', 0)"
    done = run("-c", f"{pretend}; runpy.run_module({module!r}, run_name='__main__')")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer, and this is Python 3.6" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", READ_BY_OLD_PYTHONS)
def test_an_old_python_can_read_as_far_as_that_message(name: str) -> None:
    ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_the_first_steps_need_nothing_but_python() -> None:
    done = run("-S", "-c", "import app.__main__, tests.__main__, sys; print(sorted(sys.modules))")
    assert done.returncode == 0, done.stderr
    assert "'app.environment'" in done.stdout
    assert "'numpy'" not in done.stdout


def test_an_environment_is_made_and_entered_with_the_same_arguments(
    first: tuple[Shelf, str],
) -> None:
    shelf, said = first
    assert said.splitlines()[-1] == f"tiny 1.0 {shelf.environment} ['--port', '1 2']"


def test_a_finished_environment_is_entered_without_pip_or_network(first: tuple[Shelf, str]) -> None:
    shelf, _ = first
    done = shelf.enter(**NO_INDEX)
    assert done.stdout == f"tiny 1.0 {shelf.environment} []\n"


def test_other_requirements_make_the_environment_anew(
    shelf: Shelf, first: tuple[Shelf, str]
) -> None:
    shutil.copytree(first[0].environment, shelf.environment, symlinks=True)
    leftover = shelf.environment / "leftover"
    leftover.touch()
    shelf.offer("2.0")
    assert "tiny 2.0" in shelf.enter().stdout
    assert not leftover.exists()


def test_without_a_network_it_says_so_and_the_next_start_repairs(shelf: Shelf) -> None:
    done = shelf.enter(**NO_INDEX)
    assert done.returncode == 1
    assert "the network is missing" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "tiny 1.0" in shelf.enter().stdout


def test_a_package_that_is_not_made_for_this_python_is_no_network_trouble(
    first: tuple[Shelf, str], shelf: Shelf
) -> None:
    shelf.environment = first[0].environment
    done = shelf.install(f"tiny==3.0 --hash=sha256:{'0' * 64}\n")
    assert done.returncode == 1
    assert "a package is not made for Python" in done.stderr


def test_a_package_that_was_tampered_with_is_refused(
    first: tuple[Shelf, str], shelf: Shelf
) -> None:
    shelf.environment = first[0].environment
    shelf.offer("2.0")
    done = shelf.install(f"tiny==2.0 --hash=sha256:{'0' * 64}\n")
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_an_environment_made_by_hand_is_kept(shelf: Shelf) -> None:
    shelf.environment.mkdir()
    mine = shelf.environment / "mine"
    mine.touch()
    assert "tiny 1.0" in shelf.enter().stdout
    assert mine.exists()


def test_a_place_that_cannot_be_written_is_named(shelf: Shelf) -> None:
    shelf.environment.touch()  # a file where the folder should be
    done = shelf.enter()
    assert done.returncode == 1
    assert f"{shelf.environment} cannot be made" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_running_python_is_used_as_it_is_when_asked(shelf: Shelf) -> None:
    assert shelf.enter(PLAYGROUND_THIS_PYTHON="1").stdout == "entered nothing\n"


def test_the_words_of_the_command_line() -> None:
    options = start.parser().parse_args([])
    assert (options.host, options.port, options.browser) == ("127.0.0.1", 8000, True)
    options = start.parser().parse_args(["--host", "::1", "--port", "0", "--no-browser"])
    assert (options.host, options.port, options.browser) == ("::1", 0, False)


@pytest.mark.parametrize("port", ["http", "-1", "65536", "80.5"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        start.parser().parse_args(["--port", port])
    assert "--port" in capsys.readouterr().err


def test_a_taken_port_is_named_and_a_free_one_suggested() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("-m", "app", "--no-browser", "--port", str(port), PLAYGROUND_THIS_PYTHON="1")
    assert done.returncode == 1
    assert f"Port {port} is already in use" in done.stderr
    assert "Traceback" not in done.stderr
    suggested = int(done.stderr.split("--port")[-1])
    start.listener_on("127.0.0.1", suggested).close()


def test_an_address_of_another_computer_is_refused_in_words() -> None:
    with pytest.raises(SystemExit, match=r"Basin cannot serve on 192\.0\.2\.1: "):
        start.listen("192.0.2.1", 0)


@pytest.mark.parametrize("host", ["\udcff", "a..b", "a" * 64])
def test_a_host_that_is_no_name_is_refused(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        start.parser().parse_args(["--host", host])
    assert "--host: it must be an address or a name, as 127.0.0.1" in capsys.readouterr().err


@pytest.mark.parametrize(
    "host", ["", "::", "fe80::1%eth0", "0.0.0.0", "localhost.", "主机.example"]
)
def test_a_host_is_taken_as_it_is(host: str) -> None:
    assert start.parser().parse_args(["--host", host]).host == host


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("fe80::1", "http://[fe80::1]:80"),
    ],
)
def test_the_address_shown_can_be_opened_here(host: str, url: str) -> None:
    assert start.url_of(host, 80) == url


def test_a_setting_that_cannot_be_used_is_named() -> None:
    variables = {"PLAYGROUND_THIS_PYTHON": "1", "PLAYGROUND_STORE": "nonsense"}
    done = run("-m", "app", "--no-browser", "--port", "0", **variables)
    assert done.returncode == 1
    assert "nonsense" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_server_ends_when_asked_and_starts_again_on_its_port(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        url = server.url
        assert server.stop() == 0
        server.start()
        assert server.url == url
        assert status(url, "/healthz") == 200
        assert server.stop() == 0
        assert server.log.read_text() == ""


def test_a_fresh_copy_serves_at_the_first_start_and_offline_at_the_second(tmp_path: Path) -> None:
    copy = tmp_path / "a fresh copy"
    for name in ("app", "static", "templates"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.txt", copy)
    own_environment = {environment.THIS_PYTHON: "", "PYTHONPATH": ""}
    with Server(tmp_path, copy, own_environment) as server:
        assert "Setting Basin up" in server.said
        assert status(server.url, "/healthz") == 200
        assert status(server.url, "/") == 200
        assert server.stop() == 0
    with Server(tmp_path, copy, {**own_environment, **NO_INDEX}) as server:
        assert "Setting Basin up" not in server.said
        assert server.stop() == 0


def status(url: str, path: str) -> int:
    """Return the status with which the server at `url` answers."""
    connection = HTTPConnection(urlsplit(url).netloc)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()
