"""The page and its files: languages, caching, compression, headers, and no other host."""

import gzip
import re
from importlib.metadata import files
from typing import Any
from urllib.parse import urljoin

import pytest
from werkzeug.wrappers import Response

from app.web.assets import PLOTLY, SHEETS, STATIC, STYLE, Assets, without_comments
from app.web.languages import LATER, first_messages, messages
from tests.lab.client import Client, strict

NAMES = ["js/main.js", "css/base.css", "i18n/en.json", "vendor/plotly.min.js"]
EVERYWHERE = [
    "/",
    "/healthz",
    "/api/catalog",
    "/api/experiments/x",
    "/nonsense",
    "/openapi/swagger",
]


def get(basin: Client, path: str, **headers: str) -> Response:
    with basin.application.test_client().get(path, headers=headers) as response:
        response.get_data()
        return response


def links(basin: Client) -> list[str]:
    """Every file that the page asks for by itself."""
    html = get(basin, "/").get_data(as_text=True)
    return re.findall(r'<(?:script|link|img)[^>]*?\b(?:src|href)="([^"]+)"', html)


def assets(basin: Client) -> str:
    """The folder in which the files are, with its hash."""
    found = re.search(r'"(assets/[^/]+/)', get(basin, "/").get_data(as_text=True))
    assert found
    return found[1]


# -- languages


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", "", "en"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "zh-CN", "zh-CN"),
        ("", "zh", "zh-CN"),
        ("", "ZH-cn", "zh-CN"),
        ("", "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("", "zh-Hans-CN", "zh-CN"),
        ("", "fr,de;q=0.9", "en"),
        ("", "fr,zh;q=0.5,en;q=0.3", "zh-CN"),
        ("", "en;q=0.1,zh;q=0.9", "zh-CN"),
        ("", "*", "en"),
        ("", ";;,,q=x", "en"),
        ("?lang=zh-CN", "en", "zh-CN"),
        ("?lang=en", "zh-CN", "en"),
        ("?lang=nonsense", "zh-CN", "zh-CN"),
        ("?lang=", "zh-CN", "zh-CN"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_browsers(
    basin: Client, query: str, header: str, language: str
) -> None:
    page = get(basin, f"/{query}", **{"Accept-Language": header})
    assert page.status_code == 200
    html = page.get_data(as_text=True)
    assert f'<html lang="{language}"' in html
    assert messages(language)["page.title"] in html


@pytest.mark.parametrize("header", ["zh-CN", "en"])
def test_the_catalogue_speaks_the_browsers_language(basin: Client, header: str) -> None:
    answer = strict(
        get(basin, "/api/catalog", **{"Accept-Language": header}).get_data(as_text=True)
    )
    assert answer["data"][0]["label"] == messages(header)["catalog.data.circle"]


@pytest.mark.parametrize("path", ["/", "/api/catalog"])
def test_what_depends_on_the_language_says_so_to_caches(basin: Client, path: str) -> None:
    assert "Accept-Language" in get(basin, path).headers["Vary"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_page_carries_all_its_words_but_those_that_load_later(
    basin: Client, language: str
) -> None:
    html = get(basin, f"/?lang={language}").get_data(as_text=True)
    found = re.search(r'<script type="application/json" id="messages">(.*?)</script>', html)
    assert found
    carried, words = strict(found[1]), messages(language)
    assert carried == first_messages(language)
    assert {key for key in words if key not in carried} == {
        key for key in words if key.startswith(LATER)
    }


# -- the page


def test_the_page_is_html_and_asked_for_anew_every_time(basin: Client) -> None:
    page = get(basin, "/")
    assert page.content_type == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-cache"


def test_the_page_runs_no_inline_script(basin: Client) -> None:
    html = get(basin, "/").get_data(as_text=True)
    for attributes, content in re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL):
        assert "src=" in attributes or "application/json" in attributes
        assert "src=" not in attributes or not content.strip()
    assert not re.search(r"\son\w+\s*=", re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL))
    assert "javascript:" not in html


def test_every_file_the_page_asks_for_is_there_on_this_host(basin: Client) -> None:
    assert len(links(basin)) > 3
    for link in links(basin):
        assert re.match(r"[a-z]+/", link)  # relative: of this host, in whatever folder of it
        assert not link.startswith("//")
        assert get(basin, link).status_code == 200, link


GENERATED = "../../tests/js/api.js"
"""Where the page's types of the server's answers are, which are made from the OpenAPI document."""


def test_every_module_that_a_module_imports_is_there(basin: Client) -> None:
    folder, imported = assets(basin), 0
    for path in STATIC.rglob("*.js"):
        url = folder + path.relative_to(STATIC).as_posix()
        for name in re.findall(
            r'(?<![\w.])(?:from|import)\s*\(?"([^"]+)"', path.read_text("utf-8")
        ):
            assert name.startswith("."), (path, name)
            if path.name == "types.js" and name == GENERATED:  # types only: no browser asks for it
                assert (path.parent / name).resolve().with_suffix(".d.ts").exists()
                continue
            assert get(basin, urljoin(url, name)).status_code == 200, (path, name)
            imported += 1
    assert imported > 10


# -- files


def test_every_static_file_is_served_line_by_line(basin: Client) -> None:
    """As it is, but for comments that have lines for themselves; and no template has such lines."""
    folder = assets(basin)
    for path in STATIC.rglob("*"):
        if not path.is_file() or path.name.startswith("."):
            continue
        answer = get(basin, folder + path.relative_to(STATIC).as_posix()).get_data()
        source = path.read_bytes()
        if path.suffix not in (".js", ".css"):
            assert answer == source
            continue
        in_comment = in_template = False
        for served, line in zip(answer.split(b"\n"), source.split(b"\n"), strict=True):
            if not in_comment and not line.strip().startswith((b"//", b"/*")):
                assert served == line
                in_template ^= len(re.findall(rb"(?<!\[\^)`", served)) % 2 == 1
                continue
            # A cast before an expression stays, which is no comment alone.
            begins = not in_comment
            in_comment = b"*/" not in line and not line.strip().startswith(b"//")
            if served == line:
                assert begins
                in_comment = False
            else:
                assert served == b""
                assert not in_template, (path.name, line)


@pytest.mark.parametrize(
    ("source", "served"),
    [
        ("/** One. */\nf();\n", "\nf();\n"),
        ("/**\n * Two,\n * three.\n */\nf(); // four\n", "\n\n\n\nf(); // four\n"),
        ("  // five\n\tf();", "\n\tf();"),
        ("  /** @type {X} */ (y).f();\n", "  /** @type {X} */ (y).f();\n"),
        ("/** @type {X} */ (y) /* six */\n", "/** @type {X} */ (y) /* six */\n"),
        ('f("https://x");\n/* 7 */\n/* 8 */ a {}\n', 'f("https://x");\n\n/* 8 */ a {}\n'),
    ],
)
def test_comments_go_and_lines_stay(source: str, served: str) -> None:
    assert without_comments(source.encode()).decode() == served


def test_all_that_a_visitor_loads_first_is_small(basin: Client) -> None:
    """Basin's own page, modules, styles and catalogue, compressed; plotly.js comes on top."""
    files = Assets()
    urls = ["/", "/api/catalog?words=false", *(files.url(name) for name in [STYLE, *files.modules])]
    assert files.url(PLOTLY) not in urls
    client, compressed = basin.application.test_client(), {"Accept-Encoding": "gzip"}
    sizes = []
    for url in urls:
        with client.get(url, headers=compressed) as answer:
            assert answer.status_code == 200
            sizes.append(len(answer.get_data()))
    assert sum(sizes) < 200_000, sum(sizes)


def test_the_pages_style_is_every_sheet_each_once(basin: Client) -> None:
    style = get(basin, assets(basin) + STYLE).get_data()
    sheets = [without_comments(path.read_bytes()) for path in STATIC.glob("css/*.css")]
    assert len(sheets) == len(SHEETS) > 5
    assert len(style) == sum(map(len, sheets)) + len(sheets) - 1
    assert all(sheet in style for sheet in sheets)


@pytest.mark.parametrize(
    ("ending", "kind"),
    [("js", "text/javascript"), ("css", "text/css"), ("json", "application/json"),
     ("svg", "image/svg+xml")],
)  # fmt: skip
def test_a_file_says_what_it_is(basin: Client, ending: str, kind: str) -> None:
    folder, names = assets(basin), [*STATIC.rglob(f"*.{ending}")]
    assert names
    for path in names:
        answer = get(basin, folder + path.relative_to(STATIC).as_posix())
        assert answer.mimetype == kind


def test_plotly_is_the_packages_own_file(basin: Client) -> None:
    original = next(path for path in files("plotly") or [] if path.name == "plotly.min.js")
    answer = get(basin, assets(basin) + "vendor/plotly.min.js")
    assert answer.mimetype == "text/javascript"
    assert answer.get_data() == original.read_binary()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_be_kept_for_ever(basin: Client, name: str) -> None:
    cache = get(basin, assets(basin) + name).headers["Cache-Control"]
    assert "immutable" in cache
    assert "public" in cache
    assert "max-age=31536000" in cache


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_compressed_for_whom_it_helps(basin: Client, name: str) -> None:
    path = assets(basin) + name
    plain = get(basin, path)
    zipped = get(basin, path, **{"Accept-Encoding": "gzip, deflate, br"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.get_data()) == plain.get_data()
    assert len(zipped.get_data()) < 0.6 * len(plain.get_data())
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in zipped.headers["Vary"]


@pytest.mark.parametrize("header", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0, *"])
def test_who_does_not_want_gzip_gets_none(basin: Client, header: str) -> None:
    for path in (assets(basin) + "js/main.js", "/", "/api/catalog"):
        answer = get(basin, path, **{"Accept-Encoding": header})
        assert "Content-Encoding" not in answer.headers
        assert answer.get_data()[:2] != b"\x1f\x8b"


def test_a_long_answer_is_compressed_too(basin: Client) -> None:
    plain = get(basin, "/api/catalog?lang=en")
    zipped = get(basin, "/api/catalog?lang=en", **{"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.get_data()) == plain.get_data()


@pytest.mark.parametrize(
    "path",
    [
        "{folder}js/nonsense.js",
        "{folder}",
        "{folder}js",
        "{folder}../i18n/en.json",
        "{folder}%2e%2e/app/config.py",
        "{folder}/etc/passwd",
        "{folder}%2Fetc%2Fpasswd",
        "{folder}js/main.js%00",
        "/assets/000000000000/js/main.js",
        "/assets/js/main.js",
    ],
)
def test_what_is_no_file_is_not_found(basin: Client, path: str) -> None:
    client = basin.application.test_client()
    where = path.format(folder=assets(basin))
    with client.get(where, follow_redirects=True) as answer:
        assert answer.status_code == 404
        assert "immutable" not in answer.headers.get("Cache-Control", "")


# -- headers


@pytest.mark.parametrize("name", ["js/main.js", STYLE])
def test_a_part_of_the_page_comes_with_few_headers(basin: Client, name: str) -> None:
    headers = get(basin, assets(basin) + name).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert len(str(headers)) < 300


def test_a_picture_that_can_be_opened_as_a_page_keeps_to_this_host(basin: Client) -> None:
    policy = get(basin, assets(basin) + "favicon.svg").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_keeps_to_this_host(basin: Client, path: str) -> None:
    headers = get(basin, path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"https?:|\*", policy)
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_inline_scripts_are_forbidden_on_the_page(basin: Client) -> None:
    policy = get(basin, "/").headers["Content-Security-Policy"]
    directives: dict[str, Any] = {
        words[0]: words[1:] for words in (part.split() for part in policy.split(";"))
    }
    assert directives.get("script-src", directives["default-src"]) == ["'self'"]


@pytest.mark.parametrize("path", ["/api/experiments", "/api/experiments/x"])
def test_what_is_said_of_an_experiment_is_not_kept_by_caches(basin: Client, path: str) -> None:
    assert get(basin, path).headers["Cache-Control"] == "no-store"


def test_the_health_check_is_brief(basin: Client) -> None:
    answer = get(basin, "/healthz")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/catalog", "{folder}js/main.js"])
def test_the_head_of_an_answer_can_be_had_alone(basin: Client, path: str) -> None:
    where = path.format(folder=assets(basin))
    with basin.application.test_client().head(where) as head:
        assert head.status_code == 200
        assert head.get_data() == b""
        assert head.content_type == get(basin, where).content_type


def test_the_page_asks_at_once_for_every_module_it_starts_with(basin: Client) -> None:
    html = get(basin, "/").get_data(as_text=True)
    preloaded = re.findall(r'rel="modulepreload" href="assets/[^/]+/(js/[^"]+)"', html)
    known = {path.relative_to(STATIC).as_posix() for path in STATIC.glob("js/**/*.js")}
    assert set(preloaded) <= known
    needed = set()
    for name in preloaded:
        text = (STATIC / name).read_text(encoding="utf-8")
        for statement in re.findall(r'^(?:import|export) [^;]*?"(\.[^"]+)";', text, re.MULTILINE):
            needed.add((STATIC / name).parent.joinpath(statement).resolve().relative_to(STATIC))
    assert {path.as_posix() for path in needed} | {"js/main.js"} == set(preloaded)
    late = ("playback/branch", "setup/run-editor", "share/link")
    on_first_use = {f"js/{name}.js" for name in late}
    assert on_first_use <= known - set(preloaded)


def test_plotly_is_fetched_at_once_but_runs_only_when_the_page_asks(basin: Client) -> None:
    html = get(basin, "/").get_data(as_text=True)
    assert re.search(r'<link rel="preload" as="script"[^>]* href="[^"]+/plotly\.min\.js"', html)
    assert not re.search(r"<script[^>]+plotly", html)


def test_no_sheet_of_style_is_written_into_the_page_but_those_of_plotly(basin: Client) -> None:
    answer = get(basin, "/")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "style=" not in answer.get_data(as_text=True)
    assert "<style" not in answer.get_data(as_text=True)
    directives = {words[0]: words[1:] for words in map(str.split, policy.split(";"))}
    assert "'unsafe-inline'" not in directives["style-src"]
    assert len(directives["style-src"]) == 3, (
        "the page's own, and the two of Plotly by their hashes"
    )
