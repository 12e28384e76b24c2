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


FORWARDED = {
    "X_Forwarded_For": "192.0.2.7",
    "X_Forwarded_Proto": "https",
    "X_Forwarded_Host": "known.example",
    "X_Forwarded_Prefix": "/basin",
}
"""What another proxy says, or a visitor who would like to be taken for one."""


def test_what_another_proxy_says_is_passed_on(tmp_path: Path) -> None:
    with basin(tmp_path, 2) as server, Nginx(tmp_path, (server.port, server.port)) as nginx:
        where = get(nginx.port, "/openapi", **FORWARDED).headers["Location"]
        assert where == "https://known.example/basin/openapi/"
        added = {name: f"ftp, {value}" for name, value in FORWARDED.items()}
        assert get(nginx.port, "/openapi", **added).headers["Location"] == where
        unknown = {**FORWARDED, "X_Forwarded_Host": "evil.example"}
        file = Assets().url("js/main.js")
        for path in ("/openapi", f"/{file}"):
            assert get(nginx.port, path, **FORWARDED).status < 400
            assert get(nginx.port, path, **unknown).status == 421
        # Another proxy need not say all of it: the host may have come as it was.
        less = {"X_Forwarded_Proto": "https", "Host": "known.example"}
        where = get(nginx.port, "/openapi", **less).headers["Location"]
        assert where == "https://known.example/openapi/"


def test_a_visitor_who_says_what_a_proxy_would_is_not_believed(tmp_path: Path) -> None:
    with basin(tmp_path, 1) as server, Nginx(tmp_path, (server.port, server.port)) as nginx:
        for before in ("", '"', "x, "):
            headers = {name: before + value for name, value in FORWARDED.items()}
            answer = get(nginx.port, "/openapi", **headers)
            assert answer.headers["Location"] == f"{nginx.url}/openapi/", before
