"""A real nginx for tests, with the file of compose.yaml and other addresses in it."""

import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from app.environment import ROOT
from tests.programs import find

FILE = ROOT / "nginx.conf"


class Nginx:
    """nginx on a free port of this computer, before two servers on the ports that are given.

    With a `below` such as `/lab/basin` it passes only that folder on, and takes it off the address.
    """

    def __init__(self, folder: Path, servers: tuple[int, int], below: str = "") -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port: int = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        text = FILE.read_text("utf-8")
        changes = {
            "app1:8000": f"127.0.0.1:{servers[0]}",
            "app2:8000": f"127.0.0.1:{servers[1]}",
            "listen 8080": f"listen 127.0.0.1:{self.port}",
            "/tmp/": f"{folder}/",
        }
        if below:
            changes |= {
                "location / {": f"location {below}/ {{",
                "location /assets/ {": f"location {below}/assets/ {{",
                "proxy_pass http://basin;": "proxy_pass http://basin/;",
                '"$http_x_forwarded_prefix, "': f'"$http_x_forwarded_prefix, {below}"',
            }
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new)
        file = folder / "nginx.conf"
        file.write_text(text)
        self._log = folder / "nginx.log"
        # Of root's nginx the workers are somebody else, who may not write into a folder of a test.
        user = " user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
        self._command = [str(find("nginx")), "-c", str(file), "-g", f"daemon off;{user}"]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except ConnectionRefusedError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"nginx did not start:\n{self._log.read_text()}") from None
                time.sleep(0.02)
            else:
                return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait()
