"""The documents against the code: paths, calls, settings, the API example and the version."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import app
from app.config import Settings
from app.environment import ROOT

README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / ".github").rglob("*.md")])
CODE = ("app", "static", "templates", "tests", "benchmarks", ".github")
TEXT = {".py", ".js", ".json", ".css", ".html", ".md", ".yml", ".toml", ".txt"}
SUFFIXES = "py|js|json|html|css|md|toml|txt|ya?ml"
EXPERIMENT = "/api/experiments/{id}"


# -- reading the documents


def section(title: str, document: str = README) -> str:
    """Return what stands below a heading of the second level, up to the next one."""
    found = re.search(
        rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", document, re.MULTILINE | re.DOTALL
    )
    assert found, title
    return found[1]


def rows(markdown: str, header: str) -> list[list[str]]:
    """Return the cells of every row of the table that begins with this header row."""
    table = markdown.split(f"{header}\n", 1)[1].split("\n\n", 1)[0]
    lines = [re.split(r"(?<!\\)\|", line.strip().strip("|")) for line in table.splitlines()[1:]]
    return [[cell.strip() for cell in line] for line in lines]


def quoted(markdown: str) -> list[str]:
    """Return what stands between backticks."""
    return re.findall(r"`([^`\n]+)`", markdown)


def is_path(text: str) -> bool:
    """Tell whether a word between backticks names a file or folder of this repository."""
    plain = re.fullmatch(r"\.?\w[\w.-]*(/[\w.-]+)*/?", text)
    return bool(plain and ("/" in text or re.search(rf"\.({SUFFIXES})$", text)))


def architecture() -> Iterator[tuple[Path, list[str]]]:
    """Yield, for every line of README's tree of files, its folder and the paths it names."""
    (tree,) = re.findall(r"^    app/\n(?:    .*\n|\n)+", section("Architecture"), re.MULTILINE)
    above: list[tuple[int, str]] = []
    for line in filter(None, tree.splitlines()):
        names = re.findall(rf"(?<![\w./])[\w.-]+(?:/[\w.-]+)*(?:/|\.(?:{SUFFIXES}))(?!\w)", line)
        indent = len(line) - len(line.lstrip())
        above = [(depth, name) for depth, name in above if depth < indent]
        yield Path(*(name for _, name in above)), names
        first = line.split()[0]
        if first.endswith("/"):
            above.append((indent, first))


def stands(folder: Path, name: str, siblings: list[str]) -> bool:
    """Tell whether a name of the tree exists in its folder, in one of its line's, or at the top."""
    places = [folder, *(folder / each for each in siblings if each.endswith("/")), Path()]
    return any((ROOT / place / name).exists() for place in places)


# -- paths


@pytest.mark.parametrize("path", sorted({*filter(is_path, quoted(CONTRIBUTING))}))
def test_a_path_in_contributing_is_there(path: str) -> None:
    assert (ROOT / path).exists()
    assert (ROOT / path).is_dir() == path.endswith("/")


def test_contributing_says_which_files_to_touch() -> None:
    assert len({*filter(is_path, quoted(CONTRIBUTING))}) >= 20


def test_what_the_architecture_names_is_there() -> None:
    lines = list(architecture())
    assert sum(len(names) for _, names in lines) >= 50
    missing = [
        f"{folder}: {name}"
        for folder, names in lines
        for name in names
        if not stands(folder, name, names)
    ]
    assert not missing


def test_every_folder_of_code_is_in_the_architecture() -> None:
    shown = {
        (place / name).as_posix()
        for folder, names in architecture()
        for name in names
        if name.endswith("/")
        for place in (folder, *(folder / each for each in names if each.endswith("/")))
    }
    folders = {
        file.parent.relative_to(ROOT).as_posix()
        for top, suffix in (("app", "py"), ("static/js", "js"))
        for file in (ROOT / top).rglob(f"*.{suffix}")
    }
    assert folders - shown == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_to_a_file_leads_to_it(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", document.read_text("utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]


def test_no_file_refers_to_a_document_that_is_not_here() -> None:
    files = [
        file
        for name in CODE
        for file in (ROOT / name).rglob("*")
        if file.suffix in TEXT and "node_modules" not in file.parts
    ]
    lost = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in [*files, *DOCUMENTS, ROOT / "pyproject.toml"]
        for name in re.findall(r"\b[A-Z][A-Z_]+\.md\b", file.read_text("utf-8"))
        if not (ROOT / name).exists()
    ]
    assert not lost


# -- the API


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    store = tmp_path_factory.mktemp("store") / "basin.db"
    return app.create_app(Settings(store=f"sqlite:///{store}"))


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    return application.test_client()


def test_the_table_of_calls_holds_every_call_and_no_other(application: Flask) -> None:
    listed = set()
    for cell, _ in rows(section("The API by example"), "| call | does |"):
        methods: list[str] = []
        for call in quoted(cell):
            method, _, path = call.rpartition(" ")
            if not path.startswith(("/", "…")):  # a method whose path is the next one's
                methods.append(call)
                continue
            methods.append(method)
            listed |= {(one, path.replace("…", EXPERIMENT)) for one in methods}
            methods = []
        assert not methods, cell
    routed = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    assert listed == routed


def console() -> list[tuple[list[str], str]]:
    """Return the words of every command in README's console block, and the answer below it."""
    (block,) = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    found: list[tuple[list[str], str]] = []
    command = ""
    for line in block.splitlines():
        if command or line.startswith("$ "):
            command += line.removeprefix("$ ") + "\n"
            if command.count("'") % 2 == 0:
                found.append((shlex.split(command, comments=True), ""))
                command = ""
        elif line:
            found[-1] = (found[-1][0], line)
    return found


def shown(answer: str) -> Any:
    """Return an answer as README shows it, as JSON in which "…" stands for what is left out."""
    text = re.sub(r"([{,])…}", r'\1"…":0}', answer)
    return json.loads(re.sub(r"([\[,])…\]", r'\1"…"]', text))


def check(answer: Any, example: Any, at: str = "") -> None:
    """Check an answer against an example of it: whatever is shown is there, and the same."""
    if isinstance(example, dict):
        for key in example.keys() - {"…"}:
            assert key in answer, f"{at}/{key}"
            check(answer[key], example[key], f"{at}/{key}")
    elif isinstance(example, list):
        assert isinstance(answer, list), at
        open_ended = example[-1:] == ["…"]
        listed = example[:-1] if open_ended else example
        assert len(answer) >= len(listed) if open_ended else len(answer) == len(listed), at
        for index, (one, other) in enumerate(zip(answer, listed, strict=False)):
            check(one, other, f"{at}/{index}")
    elif isinstance(example, str) and "…" in example:
        assert isinstance(answer, str), at
    else:
        assert answer == example, at


def curl(client: FlaskClient, words: list[str], id: str) -> Any:
    """Return what a curl command is answered; its id is another one here."""
    assert words[:2] == ["curl", "-s"]
    options = dict(zip(words[3::2], words[4::2], strict=True))
    assert options.keys() <= {"-H", "-d"}
    path = re.sub(r"^localhost:8000", "", words[2]).replace("Jq3…", id)
    headers = dict([options["-H"].split(": ")]) if "-H" in options else {}
    method = "POST" if "-d" in options else "GET"
    response = client.open(path, method=method, headers=headers, data=options.get("-d"))
    assert response.status_code in (200, 201), response.get_data(as_text=True)
    return response.get_json()


def test_the_example_of_the_api_is_answered_as_it_says(client: FlaskClient) -> None:
    commands = console()
    assert len(commands) >= 5
    id = ""
    for words, example in commands:
        answer = curl(client, words, id)
        id = id or answer["id"]
        if example:
            check(answer, shown(example))


def test_the_example_of_an_error_is_answered_as_it_says(client: FlaskClient) -> None:
    (block,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    problem = json.loads(block)
    (error,) = problem["errors"]
    layers = [{"units": error["received"], "activation": "tanh"}, {"units": 1}]
    assert error["pointer"] == "/layers/0/units"
    response = client.post("/api/experiments", json={"layers": layers})
    check(response.get_json(), problem)


# -- settings


class Recorder(dict[str, str]):
    """An environment in which nothing is set, and that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return default


def settings_table() -> dict[str, str]:
    """Return the default of every variable in README's table; "" where there is none."""
    found: dict[str, str] = {}
    for names, default, _ in rows(section("Settings"), "| variable | default | what it does |"):
        variables = [
            name if name.startswith("PLAYGROUND") else f"PLAYGROUND{name}" for name in quoted(names)
        ]
        values = default.split(", ") if len(variables) > 1 else [default]
        found |= dict(zip(variables, values, strict=True))
    return found


def test_the_table_of_settings_holds_every_variable_and_no_other() -> None:
    environ = Recorder()
    Settings.from_environment(environ)
    assert environ.asked
    named = {
        name
        for top in ("app", "tests", "benchmarks")
        for file in (ROOT / top).rglob("*.py")
        for name in re.findall(r'"(PLAYGROUND_[A-Z_]*[A-Z])"', file.read_text("utf-8"))
    }
    asked = {name for name in environ.asked if name.startswith("PLAYGROUND_")}
    assert settings_table().keys() == named | asked


def test_the_defaults_of_the_settings_are_those_of_the_table(client: FlaskClient) -> None:
    table = {name: text for name, text in settings_table().items() if text.isdecimal()}
    limits = {name for name in table if name.startswith("PLAYGROUND_MAX_")}
    given = {name: text for name, text in table.items() if name not in limits}
    assert len(given) >= 3
    assert Settings.from_environment(given) == Settings.from_environment({})
    fields: Mapping[str, Any] = client.get("/api/catalog").get_json()["fields"]
    for name in limits:
        field = name.removeprefix("PLAYGROUND_MAX_").lower()
        assert fields[field]["maximum"] == int(table[name]), name


# -- the version


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    released = [
        re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", one) for one in headings[1:]
    ]
    assert all(released), headings
    versions = [(one[1], date.fromisoformat(one[2])) for one in released if one]
    assert versions[0][0] == app.__version__ == project["version"]
    assert all(newer[1] >= older[1] for newer, older in pairwise(versions))
