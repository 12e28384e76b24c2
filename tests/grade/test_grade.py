"""Hand-ins of a class, read, trained again and put together."""

import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.errors import BadSetting
from app.grade.command import grade
from app.grade.hand_in import MOST_BYTES, NoHandIn
from app.grade.judge import judge
from app.grade.replay import key_of, read_lessons
from app.grade.targets import BadTarget
from app.lab.catalog import catalog
from app.lab.lessons.check import check_lesson
from app.lab.lessons.schema import Card
from app.web.languages import LANGUAGES, messages
from tests.lab.client import Client, serving
from tests.node import NODE

ROOT = Path(__file__).parents[2]
SPEC = {"data": {"name": "xor", "samples": 40}, "seed": 3, "batch_size": 8}
LESSON = {
    "basin_lesson": 1,
    "title": "How low?",
    "about": "One number.",
    "cards": [
        {
            "question": "J after 20 steps?",
            "setup": {"spec": {"data": {"name": "xor", "samples": 40}}},
            "steps": 20,
            "predict": {"kind": "number", "low": 1e-05, "high": 1.0, "answer": 0.6},
            "measure": {"quantity": "loss", "run": 0},
            "why": "It falls.",
        }
    ],
}
MYSTERY = {"spec": SPEC | {"runs": [{"recipe": {"weights": {"name": "he_normal"}}}]}}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def basin(store: Path) -> Iterator[Client]:
    with serving(store) as client:
        yield client


def measured(basin: Client, card: dict[str, Any]) -> Any:
    return basin.post("/api/lessons/measurements", {"card": card})


@pytest.fixture(scope="module")
def mystery(basin: Client) -> Any:
    return basin.post("/api/mysteries", MYSTERY, 201)


@pytest.fixture(scope="module")
def hand_in(basin: Client, mystery: Any) -> dict[str, Any]:
    """What the page hands in of an experiment, three lessons and a mystery."""
    made = basin.create(SPEC)
    made.train(15)
    made.change_rate(0.3)
    made.train(10)
    summary = made.summary()
    predictions = []
    for lesson, card, guess in (
        ("shapes", 0, [4, 2]),
        ("bowl", 0, None),
        ("same_weights", 0, [2, 1, 0]),
    ):
        cards = basin.get(f"/api/lessons/{lesson}")["cards"]
        told = {"lesson": lesson, "card": card, "guess": guess}
        predictions.append(told | {"measured": measured(basin, cards[card])})
    return {
        "basin_hand_in": 1,
        "name": '=HYPERLINK("http://example.org")',
        "link": link_of(summary),
        "experiment": {
            "spec": summary["spec"],
            "events": summary["events"],
            "step": 25,
            "train": summary["loss"]["train"],
            "test": summary["loss"]["test"],
        },
        "predictions": predictions,
        "mysteries": [{"id": mystery["id"], "guess": [1]}],
    }


LINKED = """
import { readFileSync } from "node:fs";
const { toFragment } = await import(process.argv[1]);
const { spec, events, presets } = JSON.parse(readFileSync(0));
console.log(await toFragment({ spec, events, step: 25, look: {}, study: null }, presets));
"""


def link_of(summary: Any) -> str:
    """The link that the page makes."""
    shared = {"spec": summary["spec"], "events": summary["events"], "presets": catalog()["presets"]}
    module = (ROOT / "static/js/share/link.js").as_uri()
    command = [str(NODE), "--input-type=module", "-e", LINKED, module]
    done = subprocess.run(
        command, input=json.dumps(shared), capture_output=True, text=True, check=True
    )
    return f"http://localhost/#{done.stdout.strip()}"


class Graded:
    """What came of a folder."""

    def __init__(self, folder: Path, store: Path, **more: Any) -> None:
        page = folder.parent / "class.html"
        settings = Settings(store=f"sqlite:///{store / 'basin.db'}")
        self.status, self.text = grade(folder, table=None, page=page, settings=settings, **more)
        self.page = page.read_text("utf-8")
        self.rows = list(csv.DictReader(io.StringIO(self.text)))

    def of(self, file: str) -> list[dict[str, str]]:
        return [row for row in self.rows if row["file"] == file]


def put(folder: Path, name: str, document: Any) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(document, ensure_ascii=False), "utf-8")


def test_a_prediction_without_what_was_measured_is_judged_and_claims_nothing(
    tmp_path: Path, store: Path, hand_in: dict[str, Any]
) -> None:
    """A page that tells no answers hands in none."""
    bare = [entry | {"measured": None} for entry in hand_in["predictions"]]
    put(tmp_path / "class", "one.json", hand_in | {"predictions": bare, "mysteries": []})
    graded = Graded(tmp_path / "class", store)
    assert graded.status == 0
    lines = [row for row in graded.of("one.json") if row["kind"] == "prediction"]
    assert [row["verdict"] for row in lines] == ["wrong", "skipped", "wrong"]
    assert {row["replays"] for row in lines} == {""}


def test_what_was_measured_replays_to_the_last_digit(
    tmp_path: Path, store: Path, hand_in: dict[str, Any]
) -> None:
    put(tmp_path / "class", "one.json", hand_in)
    found = Graded(tmp_path / "class", store)
    assert found.status == 0, found.text
    assert [row["kind"] for row in found.rows] == ["experiment", *["prediction"] * 3, "mystery"]
    assert {row["replays"] for row in found.rows} == {"yes", ""}
    assert [row["verdict"] for row in found.rows][2] == "skipped"
    assert found.rows[0]["name"] == '\'=HYPERLINK("http://example.org")'
    assert found.rows[0]["of"] == hand_in["link"]
    assert "HYPERLINK" not in found.page
    assert "ByLanguage" not in found.page
    assert "en=" not in found.page
    assert "*" not in found.page.partition("</style>")[2]
    assert "What the class predicted" in found.page


def changed(document: dict[str, Any], path: list[Any], value: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(document))
    place = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return dict(copy)


@pytest.mark.parametrize(
    ("path", "value", "row", "why"),
    [
        (["experiment", "train", 0], 0.1234, 0, "losses (train)"),
        (["experiment", "test", 0], None, 0, "losses (test)"),
        (["experiment", "events"], [], 0, "losses (train)"),
        (["experiment", "step"], -1, 0, "no such step"),
        (["experiment", "step"], 10**9, 0, "so many steps"),
        (["experiment", "spec", "layers"], "many", 0, "cannot be made"),
        (["experiment"], [1, 2], 0, "no experiment"),
        (["predictions", 0, "measured", "answer"], [2, 4], 1, "not what is measured"),
        (["predictions", 0, "guess"], "four", 1, "no shape"),
        (["predictions", 0, "lesson"], "own-zz", 1, "--lesson"),
        (["predictions", 0, "card"], 99, 1, "no such card"),
        (["predictions", 0], 7, 1, "no prediction"),
        (["mysteries", 0, "guess"], [77], 4, "none of the recipes"),
        (["mysteries", 0, "id"], "gone", 4, "not in the server's store"),
    ],
)
def test_what_was_changed_does_not_replay_and_harms_no_other_line(
    tmp_path: Path,
    store: Path,
    hand_in: dict[str, Any],
    path: list[Any],
    value: Any,
    row: int,
    why: str,
) -> None:
    put(tmp_path / "class", "one.json", changed(hand_in, path, value))
    found = Graded(tmp_path / "class", store)
    assert found.status == 1
    for i, line in enumerate(found.rows):
        assert (line["replays"] == "does not replay") == (i == row), (i, line)
    assert why in found.rows[row]["why"]


def test_files_that_are_no_hand_ins_are_named(
    tmp_path: Path, store: Path, hand_in: dict[str, Any]
) -> None:
    folder = tmp_path / "class"
    put(folder, "good.json", {"basin_hand_in": 1, "mysteries": hand_in["mysteries"]})
    text = json.dumps(hand_in)
    (folder / "cut.json").write_text(text[: len(text) // 2], "utf-8")
    (folder / "end.json").write_text(text[:-1], "utf-8")
    (folder / "empty.json").write_text(" \n", "utf-8")
    (folder / "foreign.json").write_text('{"a": 1}', "utf-8")
    (folder / "list.json").write_text("[1]", "utf-8")
    (folder / "words.txt").write_text("I was ill.", "utf-8")
    (folder / "nan.json").write_text('{"basin_hand_in": 1, "name": NaN}', "utf-8")
    (folder / "deep.json").write_text("[" * 100_000, "utf-8")
    (folder / "latin.json").write_bytes(b'{"name": "Zo\xeb"}')
    (folder / "picture.png").write_bytes(bytes(range(256)))
    put(folder, "newer.json", {"basin_hand_in": 2})
    put(folder, "odd.json", {"basin_hand_in": True})
    put(folder, "lists.json", {"basin_hand_in": 1, "predictions": {}})
    put(folder, "many.json", {"basin_hand_in": 1, "predictions": [1] * 3000})
    put(folder, "nothing.json", {"basin_hand_in": 1})
    with (folder / "huge.json").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    (folder / "folder").mkdir()
    (folder / "link.json").symlink_to(folder / "good.json")
    os.mkfifo(folder / "pipe.json")
    found = Graded(folder, store)
    whys = {row["file"]: row["why"] for row in found.rows}
    expected = {
        "cut.json": "cut",
        "end.json": "cut",
        "empty.json": "empty",
        "foreign.json": "no hand-in of Basin",
        "list.json": "no hand-in of Basin",
        "words.txt": "not JSON: line 1",
        "nan.json": "NaN is no number",
        "deep.json": "nested too deeply",
        "latin.json": "not UTF-8",
        "picture.png": "not UTF-8",
        "newer.json": "newer Basin",
        "odd.json": "is no version",
        "lists.json": "is no list",
        "many.json": "3000 entries",
        "nothing.json": "nothing is in it",
        "huge.json": "too large",
        "folder": "a folder",
        "link.json": "a link",
        "pipe.json": "no ordinary file",
        "good.json": "",
    }
    assert whys.keys() == expected.keys()
    for name, words in expected.items():
        assert words in whys[name], (name, whys[name])
    assert found.of("good.json")[0]["verdict"] in ("right", "wrong")


NUMBER = {"lesson": "bowl", "card": 0, "measured": {"values": []}}
WAY = {"lesson": "gradient_descent", "card": 0}
ODD: dict[str, dict[str, Any]] = {
    "digits": {"predictions": [NUMBER | {"guess": 10**400}]},
    "large": {"predictions": [NUMBER | {"guess": 1e308}]},
    "whole": {"predictions": [NUMBER | {"guess": 10**300}]},
    "below": {"predictions": [NUMBER | {"guess": -1e308}]},
    "way": {"predictions": [WAY | {"guess": [[0, 0, 10**400]]}]},
    "far": {"predictions": [WAY | {"guess": [[1e308, 10**300, 1]]}]},
    "name": {"name": "A \ud83d", "predictions": [NUMBER | {"guess": 2}]},
    "lesson": {"predictions": [{"lesson": "\udfff", "card": 0, "guess": 2}]},
    "card": {"predictions": [NUMBER | {"card": 10**400, "guess": 2}]},
    "mystery": {"mysteries": [{"id": "\ud800", "guess": [0]}]},
    "guess": {"mysteries": [{"id": "abc", "guess": ["\ud800"]}]},
    "version": {"basin_hand_in": 10**400},
    "step": {"experiment": {"spec": SPEC, "step": 10**400}},
    "seed": {"experiment": {"spec": SPEC | {"seed": 10**400}, "step": 1}},
    "until": {"experiment": {"spec": SPEC, "step": 1, "events": [{"step": 10**400}]}},
    "mark": {"experiment": {"spec": SPEC | {"mystery": "\ud800"}, "step": 1}},
}


def test_no_file_keeps_the_others_from_being_graded(
    tmp_path: Path, store: Path, hand_in: dict[str, Any]
) -> None:
    folder = tmp_path / "class"
    put(folder, "good.json", hand_in)
    for name, document in ODD.items():
        text = json.dumps({"basin_hand_in": 1, **document})
        (folder / f"{name}.json").write_text(text, "utf-8")
    (folder / os.fsdecode(b"caf\xe9.json")).write_text("{}", "utf-8")
    found = Graded(folder, store)
    assert {row["replays"] for row in found.of("good.json")} == {"yes", ""}
    for name in ODD:
        (row,) = found.of(f"{name}.json")
        assert row["replays"] == "does not replay", row
        assert "cannot be graded" not in row["why"], row
    assert "no hand-in" in found.of(r"caf\udce9.json")[0]["why"]
    assert found.of("name.json")[0]["name"] == "A ?"


def test_what_nobody_thought_of_is_said_of_its_file_alone(
    tmp_path: Path, store: Path, hand_in: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "class", "one.json", {"basin_hand_in": 1, "mysteries": hand_in["mysteries"]})
    put(tmp_path / "class", "two.json", {"basin_hand_in": 1, "predictions": [NUMBER]})

    def fail(*_: Any) -> None:
        raise KeyError("x")

    monkeypatch.setattr("app.grade.lines._prediction", fail)
    found = Graded(tmp_path / "class", store)
    assert "KeyError" in found.of("two.json")[0]["why"]
    assert found.of("one.json")[0]["verdict"] in ("right", "wrong")


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("", ""),
        ("http://localhost/#v1&mystery=abc", "another experiment"),
        ("http://localhost/#v1&step=25", "another experiment"),
        ("http://localhost/", "another experiment"),
        ("http://localhost/#v1&data=(", "cannot be read"),
        ("javascript:alert(1)", "another experiment"),
    ],
)
def test_a_link_leads_to_the_experiment_beside_it(
    tmp_path: Path, store: Path, hand_in: dict[str, Any], link: str, why: str
) -> None:
    bare = {"predictions": [], "mysteries": [], "link": link}
    put(tmp_path / "class", "one.json", hand_in | bare)
    found = Graded(tmp_path / "class", store)
    assert found.status == (1 if why else 0)
    assert why in found.rows[0]["why"]


def test_the_link_of_an_experiment_as_it_opens_has_no_words(
    tmp_path: Path, store: Path, basin: Client
) -> None:
    summary = basin.create({}).summary()
    own = {"spec": summary["spec"], "events": [], "step": 0, **summary["loss"]}
    document = {"basin_hand_in": 1, "link": "http://localhost/", "experiment": own}
    put(tmp_path / "class", "one.json", document)
    assert Graded(tmp_path / "class", store).status == 0


def test_a_prediction_counts_once(tmp_path: Path, store: Path, hand_in: dict[str, Any]) -> None:
    entry, mystery = hand_in["predictions"][2], hand_in["mysteries"][0]
    twice = {"basin_hand_in": 1, "predictions": [entry] * 5, "mysteries": [mystery] * 3}
    put(tmp_path / "class", "a.json", twice | {"name": "Ada"})
    put(tmp_path / "class", "b.json", twice | {"name": "Ada"})
    put(tmp_path / "class", "c.json", {"basin_hand_in": 1, "name": "Ada", "predictions": [entry]})
    for name in ("d.json", "e.json"):
        put(tmp_path / "class", name, {"basin_hand_in": 1, "predictions": [entry]})
    found = Graded(tmp_path / "class", store)
    judged = [row for row in found.of("a.json") if row["verdict"]]
    assert [row["kind"] for row in judged] == ["prediction", "mystery"]
    assert sum("counts once" in row["why"] for row in found.of("a.json")) == 6
    assert "copy of a.json" in found.of("b.json")[0]["why"]
    assert "a.json has the same name" in found.of("c.json")[0]["why"]
    assert "as in d.json" in found.of("e.json")[0]["why"]
    assert "<dd>4</dd>" in found.page


def test_a_lesson_of_ones_own_is_known_by_its_file(
    tmp_path: Path, store: Path, basin: Client
) -> None:
    file = tmp_path / "lesson.json"
    file.write_text(json.dumps(LESSON), "utf-8")
    document = basin.post("/api/lessons/check", {"text": file.read_text("utf-8")})["lesson"]
    told = measured(basin, document["cards"][0])
    entry = {
        "lesson": key_of(document),
        "card": 0,
        "guess": told["answer"],
        "measured": told,
    }
    put(tmp_path / "class", "a.json", {"basin_hand_in": 1, "name": "李", "predictions": [entry]})
    assert "--lesson" in Graded(tmp_path / "class", store).rows[0]["why"]
    found = Graded(tmp_path / "class", store, lessons=[file], language="zh-CN")
    assert found.rows[0]["verdict"] == "right"
    assert found.rows[0]["name"] == "李"
    assert "全班的预测" in found.page
    assert "How low?" in found.page
    file.write_text("{", "utf-8")
    with pytest.raises(NoHandIn, match="line"):
        Graded(tmp_path / "class", store, lessons=[file])


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (os.mkfifo, "no ordinary file"),
        (lambda path: path.symlink_to("/dev/zero"), "no ordinary file"),
        (lambda path: path.mkdir(), "a folder"),
        (lambda path: path.write_bytes(bytes(MOST_BYTES + 1)), "too large"),
        (lambda path: path.write_bytes(b'{"title": "Zo\xeb"}'), "not UTF-8"),
        (lambda path: None, "No such file"),
    ],
)
def test_a_lesson_is_read_from_a_file_of_a_size_that_is_read(
    tmp_path: Path, make: Callable[[Path], Any], why: str
) -> None:
    """A pipe would be waited for, and a device read without an end."""
    make(tmp_path / "lesson.json")
    with pytest.raises(NoHandIn, match=f"lesson.json cannot be read: .*{why}"):
        read_lessons([tmp_path / "lesson.json"])


def test_a_lesson_is_read_through_a_link_and_with_the_mark_of_windows(tmp_path: Path) -> None:
    (tmp_path / "lesson.json").write_text(json.dumps(LESSON), "utf-8-sig")
    (tmp_path / "link.json").symlink_to("lesson.json")
    (known,) = read_lessons([tmp_path / "link.json"]).values()
    assert len(known.cards) == 1


def test_reasons_and_page_are_in_the_language_of_most_hand_ins_or_the_one_asked_for(
    tmp_path: Path, store: Path
) -> None:
    folder = tmp_path / "class"
    bad = {"basin_hand_in": 1, "predictions": [7]}
    put(folder, "a.json", bad | {"name": "a", "language": "zh-CN"})
    put(folder, "b.json", bad | {"name": "b", "language": "zh-CN"})
    put(folder, "c.json", bad | {"name": "c", "language": "en"})
    put(folder, "d.json", bad | {"name": "d", "language": ["zh-CN"]})
    found = Graded(folder, store)
    assert {row["why"] for row in found.rows} == {"不是一条预测"}
    assert "不是一条预测" in found.page
    assert 'lang="zh-CN"' in found.page
    assert {row["why"] for row in Graded(folder, store, language="en").rows} == {
        "it is no prediction"
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_words(language: str) -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "app/grade").glob("*.py"))
    given = set(re.findall(r'(?:NoHandIn|NoReplay|NoGuess|Reason)\(\s*f?"(\w+)', source))
    start = "class.in.grade.why."
    known = {key.removeprefix(start) for key in messages(language) if key.startswith(start)}
    assert known - {"losses_train", "losses_test"} == given - {"losses_"}


def test_a_key_is_that_of_the_page() -> None:
    document = check_lesson(json.dumps(LESSON))["lesson"]
    assert document is not None
    script = (
        "const { keyOf } = await import(process.argv[1]);"
        "console.log(keyOf(JSON.parse(process.argv[2])));"
    )
    module = (ROOT / "static/js/page/lessons/record.js").as_uri()
    command = [str(NODE), "--input-type=module", "-e", script, module, json.dumps(document)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert key_of(document) == said


def test_nothing_of_a_hand_in_is_markup(tmp_path: Path, store: Path) -> None:
    mark = "<script>alert(1)</script>"
    entry = {"lesson": mark, "card": 0, "guess": 1}
    document = {"basin_hand_in": 1, "name": mark, "predictions": [entry], "mysteries": [mark]}
    put(tmp_path / "class", f"{mark.replace('/', '')}.json", document)
    found = Graded(tmp_path / "class", store)
    assert "<script" not in found.page
    assert "&lt;script&gt;" in found.page


UNSEEN = [*map(chr, (0x1B, 0x7F, 0x9B, 0x61C, 0x200E, 0x200F))]
UNSEEN += [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]


def test_no_sign_out_of_a_hand_in_turns_a_line_round(tmp_path: Path, store: Path) -> None:
    mark = "".join(f"{sign}{place}" for place, sign in enumerate(UNSEEN))
    said = "".join(map(str, range(len(UNSEEN))))
    entry = {"lesson": f"x{mark}", "card": 0, "guess": 1}
    document = {"basin_hand_in": 1, "name": f"{mark} 王", "link": mark, "predictions": [entry]}
    put(tmp_path / "class", "a\u202egpj.json", document)
    put(
        tmp_path / "class", "b.json", document | {"name": f"\u2067{said} 王", "link": "#v1&a\u202e"}
    )
    found = Graded(tmp_path / "class", store)
    for text in (found.page, *(cell for row in found.rows for cell in row.values())):
        assert not {*UNSEEN} & {*text}
    assert {row["name"] for row in found.rows} == {f"{said} 王"}
    assert found.rows[0]["file"] == "a\\u202egpj.json"  # as it can be found again
    assert any(said in row["of"] for row in found.rows)


def test_without_a_store_only_mysteries_are_missing(
    tmp_path: Path, hand_in: dict[str, Any]
) -> None:
    put(tmp_path / "class", "one.json", hand_in)
    found = Graded(tmp_path / "class", tmp_path / "nowhere")
    assert [row["replays"] for row in found.rows] == [*["yes"] * 4, "does not replay"]
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["basin.db", os.fsdecode(b"?\xff#%20.db")])
@pytest.mark.parametrize("statements", [[], ["PRAGMA user_version = 0", "VACUUM"]])
def test_of_an_empty_file_no_store_is_made(taught: Path, name: str, statements: list[str]) -> None:
    (taught / "store").mkdir()
    file = taught / "store" / name
    file.touch()
    with closing(sqlite3.connect(file)) as db:
        for statement in statements:
            db.execute(statement)
    before = file.read_bytes()
    settings = Settings(store=f"sqlite:///{file}")
    assert told(taught, "t.csv", settings=settings) == 1
    assert [each.name for each in file.parent.iterdir()] == [name]
    assert file.read_bytes() == before


def test_a_store_that_cannot_be_opened_is_named(taught: Path) -> None:
    (taught / "notes.db").write_text("a learner's notes, not a database\n" * 100)
    with pytest.raises(BadSetting, match="not a database"):
        told(taught, "t.csv", settings=Settings(store=f"sqlite:///{taught / 'notes.db'}"))
    assert not (taught / "t.csv").exists()


def test_the_command(tmp_path: Path, store: Path, hand_in: dict[str, Any]) -> None:
    put(tmp_path / "class", "one.json", {"basin_hand_in": 1, "mysteries": hand_in["mysteries"]})
    environ = os.environ | {
        "PLAYGROUND_STORE": f"sqlite:///{store / 'basin.db'}",
        "PLAYGROUND_THIS_PYTHON": "1",
    }
    command = [sys.executable, "-m", "app", "grade", str(tmp_path / "class")]
    options = ["--csv", str(tmp_path / "t.csv"), "--page", str(tmp_path / "p.html")]
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, env=environ, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbffile,name,kind")
    assert (tmp_path / "p.html").exists()
    gone = [*command[:-1], str(tmp_path / "gone")]
    done = subprocess.run(gone, capture_output=True, text=True, env=environ, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert "is no folder" in done.stderr


@pytest.fixture
def taught(tmp_path: Path) -> Path:
    """A folder with a hand-in in it, and a lesson, a store and links beside it."""
    put(tmp_path / "class", "a.json", {"basin_hand_in": 1, "name": "Ada", "predictions": [7]})
    (tmp_path / "l.json").write_text(json.dumps(LESSON), "utf-8")
    (tmp_path / "basin.db").write_bytes(b"SQLite format 3\0")
    (tmp_path / "link.csv").symlink_to("class/a.json")
    os.link(tmp_path / "class/a.json", tmp_path / "second.csv")
    return tmp_path


def told(folder: Path, table: str | None, page: str = "p.html", **more: Any) -> int:
    """The exit status of grading the class in a folder, with a store that is nowhere."""
    settings = Settings(store="sqlite:////nowhere/basin.db")
    csv_file = None if table is None else folder / table
    lessons = [folder / "l.json"]
    given: dict[str, Any] = {"settings": settings, "lessons": lessons} | more
    return grade(folder / "class", table=csv_file, page=folder / page, **given).status


@pytest.mark.parametrize(
    "name",
    ["class/a.json", "class/../class/a.json", "link.csv", "second.csv", "l.json", "basin.db"],
)
@pytest.mark.parametrize("option", ["--csv", "--page"])
def test_only_an_earlier_table_or_page_is_written_over(
    taught: Path, name: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.grade.command.replaying", None)  # nothing is trained before
    before = {path: path.read_bytes() for path in taught.rglob("*.*") if path.is_file()}
    places = ("t.csv", name) if option == "--page" else (name, "p.html")
    with pytest.raises(BadTarget, match=f"^{option} .* is there already"):
        told(taught, *places)
    assert before == {path: path.read_bytes() for path in taught.rglob("*.*") if path.is_file()}


@pytest.mark.parametrize(
    ("table", "page"),
    [("x", "x"), ("x", "class/../x"), ("x", "y"), ("new", "new"), ("new", "class/../new")],
)
def test_table_and_page_are_two_files(taught: Path, table: str, page: str) -> None:
    (taught / "x").touch()
    (taught / "y").symlink_to("x")
    with pytest.raises(BadTarget, match="is where the table goes"):
        told(taught, table, page)
    assert not (taught / "new").exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [("none/x", "No such file"), ("class", "a folder"), ("l.json/x", "Not a directory")],
)
def test_what_cannot_be_written_is_said_before_the_training(
    taught: Path, name: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.grade.command.replaying", None)
    with pytest.raises(BadTarget, match=f"^--csv .*{why}"):
        told(taught, name)
    with pytest.raises(BadTarget, match=f"^--page .*{why}"):
        told(taught, "t.csv", name)
    assert not (taught / "t.csv").exists()


def test_earlier_output_is_written_again_and_is_no_hand_in(taught: Path) -> None:
    table, page = taught / "class" / "t.csv", taught / "class" / "p.html"
    found = []
    for language in ("zh-CN", "en", "en"):
        assert told(taught, "class/t.csv", "class/p.html", language=language) == 1
        found.append((table.read_text("utf-8-sig"), page.read_text("utf-8")))
    assert found[1] == found[2]
    for text, _ in found:
        assert {row["file"] for row in csv.DictReader(io.StringIO(text))} == {"a.json"}
    with pytest.raises(BadTarget, match="no table of an earlier grading"):
        told(taught, "class/p.html", "class/other.html")


def test_earlier_output_under_another_name_is_named_and_no_fault(
    tmp_path: Path, store: Path, hand_in: dict[str, Any]
) -> None:
    folder = tmp_path / "class"
    put(folder, "good.json", {"basin_hand_in": 1, "mysteries": hand_in["mysteries"]})
    for name, language in (("t.csv", "en"), ("u.csv", "zh-CN")):
        grade(
            folder,
            table=folder / name,
            page=folder / f"{name}.html",
            language=language,
            settings=Settings(store=f"sqlite:///{store / 'basin.db'}"),
        )
    (folder / "words.csv").write_text("name,verdict\n", "utf-8")
    found = Graded(folder, store)
    whys = {row["file"]: (row["why"], row["replays"]) for row in found.rows}
    earlier = {"t.csv", "t.csv.html", "u.csv", "u.csv.html"}
    assert {name for name, (why, _) in whys.items() if "earlier grading" in why} == earlier
    assert {whys[name][1] for name in earlier} == {""}
    assert "not JSON" in whys["words.csv"][0]


def test_the_file_that_the_table_is_printed_to_is_no_hand_in_and_no_page(taught: Path) -> None:
    with (taught / "class" / "t.csv").open("w") as out:
        found = grade(
            taught / "class",
            table=None,
            page=taught / "p.html",
            settings=Settings(store="sqlite:////nowhere/basin.db"),
            out=out,
        )
        assert "t.csv" not in found.printed
        with pytest.raises(BadTarget, match="is where the table goes"):
            told(taught, None, "class/t.csv", out=out)


def test_a_pipe_and_a_device_take_what_is_written(taught: Path) -> None:
    os.mkfifo(taught / "pipe")
    with subprocess.Popen(["cat", taught / "pipe"], stdout=subprocess.PIPE, text=True) as reader:
        assert told(taught, "pipe", "/dev/null") == 1
        assert "a.json" in reader.communicate()[0]


JUDGED: list[tuple[dict[str, Any], Any, dict[str, Any]]] = [
    *(
        ({"kind": "number", "low": 1e-3, "high": 10.0, "scale": "log"}, guess, {"answer": 0.1})
        for guess in (0.1, 0.2, 0.4, 5, -1)
    ),
    ({"kind": "number", "low": 0.0, "high": 1.0}, 0.5, {"answer": None}),
    ({"kind": "number", "low": 0.0, "high": 1.0, "near": 0.3}, 0.5, {"answer": 0.9}),
    *(
        ({"kind": "order", "items": list("abcde")}, guess, {"answer": [0, 1, 2, 3, 4]})
        for guess in ([0, 1, 2, 3, 4], [1, 0, 2, 3, 4], [4, 3, 2, 1, 0])
    ),
    ({"kind": "shape"}, [3, 2], {"answer": [3, 2]}),
    ({"kind": "shape"}, [2, 3], {"answer": [3, 2]}),
    ({"kind": "choice", "options": [{"text": "a"}, {"text": "b"}]}, 1, {"answer": 1}),
    *(
        ({"kind": "sketch", "high": 1.0}, guess, {"values": [0.9, 0.5, None, 0.2], "answer": None})
        for guess in ([0.9, 0.7, 0.5, 1, 1, 0.6, 0.2], [0.1] * 7, [0.6] * 7)
    ),
    *(
        ({"kind": "descend"}, [[0, 0, 9], [1, 1, low]], {"values": [0.2], "answer": 0.2})
        for low in (0.1, 0.3, 0.5)
    ),
    ({"kind": "descend"}, [[0, 0, 9]], {"values": [None], "answer": None}),
]


def card_of(predict: dict[str, Any]) -> Card:
    answers = {"number": 0.5, "order": [0, 1], "shape": [1, 1], "choice": 0}
    kind = predict["kind"]
    given = ({"answer": answers[kind]} if kind in answers else {}) | predict
    return Card.model_validate(LESSON["cards"][0] | {"predict": given})  # type: ignore[index]


def test_verdicts_are_those_of_the_page() -> None:
    made = [card_of(predict) for predict, _, _ in JUDGED]
    told = [{"values": [], "steps": None} | measured for _, _, measured in JUDGED]
    cases = [
        (card.model_dump(mode="json", by_alias=True), guess, each)
        for card, (_, guess, _), each in zip(made, JUDGED, told, strict=True)
    ]
    script = (
        "const { judge } = await import(process.argv[1]);"
        "console.log(JSON.stringify(JSON.parse(process.argv[2]).map((each) => judge(...each))));"
    )
    module = (ROOT / "static/js/page/lessons/judge.js").as_uri()
    command = [str(NODE), "--input-type=module", "-e", script, module, json.dumps(cases)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ours = [
        judge(card, guess, each)  # type: ignore[arg-type]
        for card, (_, guess, _), each in zip(made, JUDGED, told, strict=True)
    ]
    assert ours == json.loads(said)
    assert set(ours) == {"right", "close", "wrong"}
