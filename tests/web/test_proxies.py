"""Behind proxies, and in a folder of a host."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

import app
from app.config import Settings
from app.errors import BadSetting
from app.web.assets import STATIC

FORWARDED = {
    "X-Forwarded-For": "10.9.9.9, 192.0.2.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "basin.example.org",
    "X-Forwarded-Prefix": "/class",
}


def application(folder: Path, **settings: object) -> Flask:
    known: dict[str, object] = {"store": f"sqlite:///{folder / 'basin.db'}"}
    return app.create_app(Settings(**known, **settings))  # type: ignore[arg-type]


def seen(made: Flask, headers: dict[str, str]) -> tuple[str | None, str, str]:
    """What a request looks like to the application: whose it is, its host and its folder."""
    found: list[tuple[str | None, str, str]] = []

    @made.before_request
    def look() -> None:
        found.append((request.remote_addr, request.host_url, request.script_root))

    with made.test_client().get("/healthz", headers=headers):
        pass
    return found[0]


def test_without_proxies_nobody_is_believed(tmp_path: Path) -> None:
    assert seen(application(tmp_path), FORWARDED) == ("127.0.0.1", "http://localhost/", "")


def test_as_many_proxies_are_believed_as_there_are(tmp_path: Path) -> None:
    made = application(tmp_path, proxies=1, hosts=("basin.example.org",))
    assert seen(made, FORWARDED) == ("192.0.2.7", "https://basin.example.org/", "/class")


def test_the_first_of_two_proxies_is_believed_and_not_what_stands_before_it(tmp_path: Path) -> None:
    made = application(tmp_path, proxies=2, hosts=("basin.example.org",))
    headers = {
        "X-Forwarded-For": "10.9.9.9, 192.0.2.7, 192.0.2.8",
        "X-Forwarded-Proto": "ftp, https, http",
        "X-Forwarded-Host": "evil.example, basin.example.org, app",
        "X-Forwarded-Prefix": "/evil, /class,",
    }
    assert seen(made, headers) == ("192.0.2.7", "https://basin.example.org/", "/class")


@pytest.mark.parametrize("sent", ['"', '"a', "a, b", '\\"', ""])
def test_what_a_visitor_sends_hides_nothing_that_a_proxy_adds(tmp_path: Path, sent: str) -> None:
    made = application(tmp_path, proxies=1)
    headers = {
        "X-Forwarded-For": f"{sent}, 192.0.2.7",
        "X-Forwarded-Proto": f"{sent}, https",
        "X-Forwarded-Host": f"{sent}, localhost",
        "X-Forwarded-Prefix": f"{sent},",
    }
    assert seen(made, headers) == ("192.0.2.7", "https://localhost/", "")


def test_what_too_few_proxies_say_is_not_believed(tmp_path: Path) -> None:
    made = application(tmp_path, proxies=3)
    assert seen(made, FORWARDED) == ("127.0.0.1", "http://localhost/", "")


def test_names_that_a_proxy_passes_on_are_checked_too(tmp_path: Path) -> None:
    made = application(tmp_path, proxies=1)
    with made.test_client().get("/api/catalog", headers=FORWARDED) as answer:
        assert answer.status_code == 421


class Links(HTMLParser):
    """Every address in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "base":
            self.found += [value or "" for name, value in attrs if name in ("href", "src")]


def crawl(client: FlaskClient, root: str) -> set[str]:
    """The addresses that a page in a folder leads to, all of which are answered."""
    with client.get(root) as page:
        assert page.status_code == 200
        addresses = {
            urljoin(root, link)
            for link in Links(page.get_data(as_text=True)).found
            if link[0] != "#"
        }
    with client.get(urljoin(root, "openapi/swagger")) as page:
        base = urljoin(root, "openapi/swagger")
        addresses |= {urljoin(base, link) for link in Links(page.get_data(as_text=True)).found}
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
    return addresses


@pytest.mark.parametrize("strips", [False, True])
def test_everything_is_found_in_a_folder_of_a_host(tmp_path: Path, strips: bool) -> None:
    """Whether the proxy before it takes the folder off the address, or leaves it there."""
    made = application(tmp_path, script_name="" if strips else "/lab/basin")
    if strips:
        inner = made.wsgi_app

        def proxy(environ, start):  # type: ignore[no-untyped-def]
            assert environ["PATH_INFO"].startswith("/lab/basin/"), environ["PATH_INFO"]
            environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix("/lab/basin")
            return inner(environ, start)

        made.wsgi_app = proxy  # type: ignore[method-assign]
    client = made.test_client()
    addresses = crawl(client, "/lab/basin/")
    assert len(addresses) > 50
    assert all(address.startswith("/lab/basin/") for address in addresses)
    assert client.get("/lab/basin/api/catalog").status_code == 200
    assert client.post("/lab/basin/api/experiments", json={}).status_code == 201
    document = client.get("/lab/basin/openapi/openapi.json").get_json()
    assert document.get("servers") == (None if strips else [{"url": "/lab/basin"}])


def test_scripts_and_styles_name_no_address_from_the_root() -> None:
    """What `crawl` cannot see: addresses that are put together while the page runs."""
    files = [*(STATIC / "js").rglob("*.js"), *(STATIC / "css").rglob("*.css")]
    rooted = [
        f"{file.name}: {found}"
        for file in files
        for found in re.findall(
            r"""["'`(](/(?:api|assets|openapi|static|client\.py|healthz)\b[^"'`)]*)""",
            file.read_text("utf-8"),
        )
    ]
    assert not rooted


def test_the_folder_itself_leads_to_its_page(tmp_path: Path) -> None:
    client = application(tmp_path, script_name="/basin").test_client()
    with client.get("/basin?lang=zh-CN") as answer:
        assert answer.status_code == 308
        assert answer.headers["Location"] == "/basin/?lang=zh-CN"


def test_no_header_leads_to_another_host(tmp_path: Path) -> None:
    client = application(tmp_path, proxies=1).test_client()
    environ = {"PATH_INFO": ""}
    headers = {"X-Forwarded-Prefix": "//evil.example/\\x"}
    with client.get("/", headers=headers, environ_overrides=environ) as answer:
        assert not answer.headers.get("Location", "").startswith("//")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLAYGROUND_PROXIES", "-1"),
        ("PLAYGROUND_PROXIES", "9"),
        ("PLAYGROUND_PROXIES", "one"),
        ("SCRIPT_NAME", "basin"),
        ("SCRIPT_NAME", "//evil.example"),
        ("SCRIPT_NAME", "/api"),
        ("SCRIPT_NAME", "/a b"),
        ("SCRIPT_NAME", "/../x"),
        ("SCRIPT_NAME", "/a/./b"),
        ("SCRIPT_NAME", "/a/.."),
        ("PLAYGROUND_PUBLIC_URL", "https://example.org/a/../b"),
        ("PLAYGROUND_STORE", "sqlite:////"),
        ("PLAYGROUND_STORE", "sqlite:///."),
        ("PLAYGROUND_STORE", "sqlite:///"),
    ],
)
def test_a_setting_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        Settings.from_environment({name: value})


def test_the_settings_are_read() -> None:
    found = Settings.from_environment({"PLAYGROUND_PROXIES": "2", "SCRIPT_NAME": "/lab/basin/"})
    assert (found.proxies, found.script_name) == (2, "/lab/basin")
    assert Settings.from_environment({"SCRIPT_NAME": "/.a/b..c/..."}).script_name == "/.a/b..c/..."


def test_a_user_without_a_home_is_told_to_name_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(BadSetting, match="PLAYGROUND_STORE must name a file"):
        Settings.from_environment({})
    assert Settings.from_environment({"PLAYGROUND_STORE": "sqlite:///a.db"}).store
