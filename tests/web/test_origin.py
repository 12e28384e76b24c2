"""Names under which the server answers, and requests that pages of other sites cause."""

from pathlib import Path

import pytest

from app.config import Settings
from app.errors import BadSetting
from app.web.origin import hostname, is_ours
from tests.lab.client import Client, serving
from tests.web.problems import places, refused

POST = ("POST", "/api/experiments")


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "[::1]", "192.168.0.7:80",
     "school-pc:8000", "ada.local", "school.LAN:80", "basin.internal", "basin.localhost."],
)  # fmt: skip
def test_numbers_and_names_of_this_network_are_ours(basin: Client, host: str) -> None:
    with basin.application.test_client().get("/healthz", headers={"Host": host}) as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example",
     "evil.example.", "xlocal.com", "1.2.3.4.5"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/api/catalog", "/openapi/openapi.json", "/nonsense"])
def test_a_name_that_a_site_may_have_is_refused(basin: Client, host: str, path: str) -> None:
    errors = refused(basin, "GET", path, 421, headers={"Host": host})
    assert places(errors) == [("/Host", "unknown_host")]


def test_the_operator_names_more() -> None:
    names = Settings(
        "", hosts=("basin.example.org", "*.school.net"), public_url="https://at.example.com/b/"
    ).names
    for host in ("basin.example.org", "BASIN.example.org:443", "a.b.school.net", "at.example.com"):
        assert is_ours(hostname(host), names), host
    for host in ("example.org", "school.net", "evilschool.net", "x.basin.example.org", ""):
        assert not is_ours(hostname(host), names), host


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:9000"},
        {"Sec-Fetch-Site": "nonsense"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:9000"},
        {"Origin": "null"},
        {"Origin": "http://[::1"},
    ],
)
def test_what_another_site_sends_changes_nothing(basin: Client, headers: dict[str, str]) -> None:
    made = basin.create()
    for method, path in (
        POST,
        ("POST", f"{made.url}/steps"),
        ("PATCH", made.url),
        ("DELETE", made.url),
        ("POST", "/api/studies/x/cancel"),
    ):
        errors = refused(basin, method, path, 403, headers=headers)
        assert places(errors) == [("", "other_site")]
    assert made.summary()["version"] == 1


def test_another_site_makes_no_picture_be_computed_but_may_link(basin: Client) -> None:
    cross = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    refused(basin, "GET", "/api/catalog", 403, headers=cross)
    client = basin.application.test_client()
    for path, mode in (("/", "no-cors"), ("/api/catalog", "navigate")):
        with client.get(path, headers={**cross, "Sec-Fetch-Mode": mode}) as answer:
            assert answer.status_code == 200
    framed = {**cross, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    refused(basin, "GET", "/api/catalog", 403, headers=framed)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"},
     {"Origin": "http://localhost"}],
)  # fmt: skip
def test_the_page_and_programs_may_ask(basin: Client, headers: dict[str, str]) -> None:
    with basin.application.test_client().post(POST[1], json={}, headers=headers) as answer:
        assert answer.status_code == 201


def test_behind_a_proxy_that_changes_the_name_the_operators_is_right(tmp_path: Path) -> None:
    with serving(tmp_path, hosts=("basin.example.org",)) as basin:
        origin = {"Origin": "https://basin.example.org"}
        with basin.application.test_client().post(POST[1], json={}, headers=origin) as answer:
            assert answer.status_code == 201


@pytest.mark.parametrize("kind", ["text/plain", "application/problem+json", ""])
def test_a_body_must_say_that_it_is_json(basin: Client, kind: str) -> None:
    refused(basin, *POST, 400, data="{}", content_type=kind)


def test_the_operator_says_who_may_frame_the_page(tmp_path: Path) -> None:
    sites = ("'self'", "https://lms.example.org")
    with (
        serving(tmp_path, frame_ancestors=sites) as basin,
        basin.application.test_client().get("/") as answer,
    ):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.endswith("; frame-ancestors 'self' https://lms.example.org")
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HOSTS", "a.example, *.b.example", ("a.example", "*.b.example")),
        ("FRAME_ANCESTORS", "'self' https://lms.org:8443", ("'self'", "https://lms.org:8443")),
    ],
)
def test_words_of_a_setting(name: str, value: str, words: tuple[str, ...]) -> None:
    found = Settings.from_environment({f"PLAYGROUND_{name}": value})
    assert getattr(found, name.lower()) == words


@pytest.mark.parametrize(
    ("name", "value"),
    [("HOSTS", "https://a.example"), ("HOSTS", "a..b"), ("HOSTS", "*"),
     ("HOSTS", "*.com"),
     ("FRAME_ANCESTORS", "lms.example"), ("FRAME_ANCESTORS", "'self'; script-src *"),
     ("FRAME_ANCESTORS", "'none' https://lms.org")],
)  # fmt: skip
def test_words_that_are_none_are_refused(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"PLAYGROUND_{name}"):
        Settings.from_environment({f"PLAYGROUND_{name}": value})
