"""`python -m tests.image`: the image's steps without Docker, on Debian 13 in a folder.

    python -m tests.image              as root, where debootstrap is: Debian 13 with Python 3.13
                                       into a folder, the Dockerfile's steps there with chroot,
                                       and a look at what comes out
    python -m tests.image --base DIR   the same on a Debian that is there already; it is changed

Nothing of this computer is mounted there, so that removing the folder takes nothing else with it.
What Docker itself does (layers, volumes, a read-only root) is not tried; instead it is checked that
the user can write only where a read-only container would let it. It takes some five minutes, and so
is no part of `python -m tests`.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.environment import ROOT

SUITE = "trixie"
PACKAGES = ("ca-certificates", "python3", "python3-venv")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
WRITABLE = {"/data", "/tmp", "/run/lock", "/var/tmp"}
"""What an ordinary user may write to, beside devices. A container with `--read-only` has a tmpfs at
/tmp, and devices of its own; /run/lock and /var/tmp are Debian's, and read-only there."""


@dataclass
class Image:
    """A Debian in a folder, in which the steps of the Dockerfile are done one after the other."""

    root: Path
    variables: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    check: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def build(self, dockerfile: str) -> None:
        """Do every instruction. Raises ValueError for one that is not known here."""
        text = re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.MULTILINE).replace("\\\n", " ")
        for line in filter(None, map(str.strip, text.splitlines())):
            word, _, rest = line.partition(" ")
            step = getattr(self, f"_{word.lower()}", None)
            if step is None:
                raise ValueError(f"the Dockerfile has an instruction that is not known: {word}")
            print(f"  {line[:100]}", flush=True)
            step(rest.strip())

    def run(self, command: list[str], user: str = "root", **options: Any) -> Any:
        """Run a command there; as another user than root without any capability."""
        return subprocess.run(self.words(command, user), check=True, **options)

    def words(self, command: list[str], user: str = "root") -> list[str]:
        """The command that runs one there."""
        path = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
        variables = {"PATH": path, "HOME": "/", "LANG": "C.UTF-8", **self.variables}
        less = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        less += ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
        return [
            *("chroot", str(self.root)),
            *(less if user != "root" else []),
            *("env", "-i", f"--chdir={self.folder}"),
            *(f"{name}={text}" for name, text in variables.items()),
            *command,
        ]

    def _from(self, rest: str) -> None:
        """The Python of the base, under the names that it has there."""
        self.run(["python3", "-m", "venv", "/usr/local"])

    def _env(self, rest: str) -> None:
        self.variables |= dict(word.split("=", 1) for word in shlex.split(rest))

    def _workdir(self, rest: str) -> None:
        self.folder = rest
        (self.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def _copy(self, rest: str) -> None:
        source, target = rest.split()
        place = self.root / self.folder.lstrip("/") / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)

    def _run(self, rest: str) -> None:
        index = {name: text for name, text in os.environ.items() if name in KNOWN_OF_INDEX}
        settings = [f"{name}={text}" for name, text in index.items()]
        self.run(["env", *settings, "sh", "-euc", rest])

    def _user(self, rest: str) -> None:
        self.user = rest

    def _volume(self, rest: str) -> None:
        """A folder like any other here."""

    def _expose(self, rest: str) -> None:
        """Every port is open here."""

    def _healthcheck(self, rest: str) -> None:
        self.check = json.loads(rest[rest.index("[") :])

    def _cmd(self, rest: str) -> None:
        self.command = json.loads(rest)


KNOWN_OF_INDEX = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "HTTPS_PROXY", "https_proxy", "PIP_CERT")
"""What of this computer's settings may be needed to reach the package index."""


def debian(folder: Path) -> None:
    """Debian's own packages, unpacked into a folder. Ends the program where that cannot be done."""
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        sys.exit("This needs to be root, and debootstrap (in Debian: apt install debootstrap).")
    include = f"--include={','.join(PACKAGES)}"
    print(f"Debian ({SUITE}) into {folder} ...", flush=True)
    subprocess.run(
        ["debootstrap", "--variant=minbase", include, SUITE, str(folder)],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def prepare(root: Path) -> None:
    """What Docker brings to every container: names of hosts, certificates, shared memory."""
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    if CERTIFICATES.exists():
        shutil.copy(CERTIFICATES, root / str(CERTIFICATES).lstrip("/"))
    shared = root / "dev" / "shm"
    shared.mkdir(exist_ok=True)
    shared.chmod(0o1777)


def look(image: Image) -> None:
    """Serve from it, and ask for what a visitor would. Raises AssertionError."""
    said = image.run(["python", "--version"], image.user, capture_output=True, text=True).stdout
    print(f"Python: {said.strip()}")
    assert image.user != "root"
    tried = "find / -xdev -writable -not -type l -not -path '/proc/*' 2>/dev/null || true"
    found = image.run(["sh", "-c", tried], image.user, capture_output=True, text=True).stdout
    written = {
        place for place in found.split() if not place.startswith(("/data/", "/dev/", "/tmp/"))
    }
    print(f"writable: {', '.join(sorted(written))}")
    assert written <= WRITABLE, written - WRITABLE
    image.variables["PORT"] = str(free_port())
    server = subprocess.Popen(image.words(image.command, image.user), start_new_session=True)
    try:
        wait(image, server)
        url = f"http://127.0.0.1:{image.variables['PORT']}"
        for path in ("/healthz", "/readyz", "/", "/api/catalog"):
            assert ask(url + path)[0] == 200, path
        made = json.loads(ask(f"{url}/api/experiments", {})[1])
        place = f"{url}/api/experiments/{made['id']}"
        block = json.loads(ask(f"{place}/steps", {"count": 50, "every": 50})[1])
        first, last = made["loss"]["train"][0], block["train"][0][-1]
        print(f"50 steps: J of the first run from {first:.4f} to {last:.4f}")
        assert last < first
        assert ask(f"{place}/surface?x=W1[0,0]&y=b1[0]")[0] == 200
        image.run(image.check, image.user)
    finally:
        start = time.monotonic()
        server.terminate()
        status = server.wait(timeout=30)
    print(f"ended in {time.monotonic() - start:.1f} s with status {status}")
    assert status == 0
    assert (image.root / "data" / "basin.db").exists()


def wait(image: Image, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the image's own check finds it well. Raises AssertionError."""
    end = time.monotonic() + 60.0
    while True:
        assert server.poll() is None, "the server has ended"
        try:
            image.run(image.check, image.user, stderr=subprocess.DEVNULL)
            return
        except subprocess.CalledProcessError:
            assert time.monotonic() < end, "the server is not well"
            time.sleep(0.5)


def ask(url: str, body: object = None) -> tuple[int, bytes]:
    """The status and the body of an answer."""
    data = None if body is None else json.dumps(body).encode()
    head = {} if body is None else {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, head), timeout=30) as answer:
        return answer.status, answer.read()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def main() -> None:
    """Build it and look at it; the folder goes afterwards unless it was there before."""
    words = argparse.ArgumentParser(prog="python -m tests.image", description=__doc__)
    words.add_argument("--base", type=Path, help="a folder with Debian 13 and its Python")
    given = words.parse_args().base
    folder = Path(tempfile.mkdtemp(prefix="basin-image-")) if given is None else None
    root = given or Path(str(folder)) / "root"
    try:
        if given is None:
            debian(root)
        prepare(root)
        image = Image(root)
        image.build((ROOT / "Dockerfile").read_text("utf-8"))
        look(image)
        print("The image serves.")
    finally:
        if folder is not None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
