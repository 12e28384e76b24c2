"""nginx.conf of compose.yaml on a real nginx: what it keeps, and what it says to Basin."""

import gzip
import http.client
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.web.assets import Assets
from tests.nginx import Nginx
from tests.serving import Shipped


@dataclass(frozen=True)
class Answer:
    """What came back, as it was sent: not decoded, and no redirect followed."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def get(port: int, path: str, **headers: str) -> Answer:
    """Ask, with the headers whose names are written with `_`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Accept-Encoding": "identity", **named})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def basin(folder: Path, proxies: int) -> Shipped:
    variables = {
        "PLAYGROUND_STORE": f"sqlite:///{folder / 'basin.db'}",
        "PLAYGROUND_PROXIES": str(proxies),
        "PLAYGROUND_HOSTS": "known.example",
    }
    return Shipped(folder, variables)


@pytest.mark.parametrize("below", ["", "/lab/basin"])
def test_files_are_kept_for_those_who_come_later(tmp_path: Path, below: str) -> None:
    assets = Assets()
    file = f"{below}/{assets.url('js/main.js')}"
    data = f"{below}/{assets.url('favicon.svg')}"
    other = f"{below}/assets/000000000000/js/main.js"
    content = assets.get("js/main.js").content
    with (
        basin(tmp_path, 1) as server,
        Nginx(tmp_path, (server.port, server.port), below=below) as nginx,
    ):
        direct = get(server.port, file.removeprefix(below))
        first = get(nginx.port, file, X_Request_ID="of-the-first")
        packed = get(nginx.port, file, Accept_Encoding="gzip, deflate, br")
        picture = get(nginx.port, data)
        assert get(nginx.port, other).status == 404
        assert get(nginx.port, file, Host="evil.example").status == 421
        assert get(nginx.port, file, Host="known.example").status == 200
        server.stop()
        again = get(nginx.port, f"{file}?more")
        assert (first.status, again.status) == (200, 200), "kept, while no server answers"
        assert first.body == again.body == content
        for answer in (first, again):
            assert "Content-Encoding" not in answer.headers
            for name in ("Content-Type", "Cache-Control", "Vary", "X-Content-Type-Options",
                         "Cross-Origin-Resource-Policy"):  # fmt: skip
                assert answer.headers.get_all(name) == direct.headers.get_all(name), name
        assert first.headers["X-Request-ID"] == "of-the-first"
        ids = {get(nginx.port, file).headers["X-Request-ID"] for _ in range(2)}
        assert len({*ids, "of-the-first"}) == 3
        assert get(nginx.port, file, X_Request_ID="of-a-proxy").headers.get_all("X-Request-ID") == [
            "of-a-proxy"
        ]
        for known in ("gzip, deflate, br", "br;q=1, GZIP;q=0.5", "gzip"):
            answer = get(nginx.port, file, Accept_Encoding=known)
            assert answer.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(answer.body) == content
            assert answer.body == packed.body
        for unknown in ("gzip;q=0", "gzip ; q=0.0, br", "br", "xgzip", ""):
            answer = get(nginx.port, file, Accept_Encoding=unknown)
            assert (answer.status, answer.body) == (200, content)
            assert "Content-Encoding" not in answer.headers
        kept = get(nginx.port, data)
        assert "frame-ancestors" in kept.headers["Content-Security-Policy"]
        assert kept.headers["Content-Security-Policy"] == picture.headers["Content-Security-Policy"]
        assert get(nginx.port, file, Host="known.example").status == 200
        for path, host in (
            (file, "evil.example"),
            (other, "localhost"),
            (f"{below}/", "localhost"),
        ):
            answer = get(nginx.port, path, Host=host)
            assert answer.status == 503, "neither kept nor taken from what is kept for others"
            assert json.loads(answer.body)["title"] == "Basin is not reached"
