"""`python -m tests` itself: what it runs, in which order, and what it says."""

import sys
from pathlib import Path

import pytest

from tests import __main__ as harness
from tests import chromium
from tests.__main__ import Part

GOOD = [sys.executable, "-c", "print('all well')"]
BAD = [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"]


def test_pytest_is_the_last_part_and_gets_the_rest_of_the_line() -> None:
    last = harness.checks(["-k", "surface"])[-1]
    assert last.name == "pytest"
    assert last.command[-2:] == ["-k", "surface"]


def test_the_tests_of_the_javascript_are_found() -> None:
    (part,) = harness.select(harness.checks([]), "node")
    assert any(word.endswith(".test.js") for word in part.command)


def test_parts_are_listed_without_being_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["tests", "--list"])
    assert harness.main() == 0
    names = [line.split()[1] for line in capsys.readouterr().out.splitlines()]
    assert {"ruff", "mypy", "layers", "node", "tsc", "eslint", "pytest"} <= set(names)


def test_every_part_needs_one_of_its_group_that_comes_before_it() -> None:
    for parts in (harness.checks([]), harness.fixes()):
        assert len({part.name for part in parts}) == len(parts)
        for position, part in enumerate(parts):
            before = [one.name for one in parts[:position] if one.group == part.group]
            assert part.needs in ["", *before]


@pytest.mark.parametrize(
    ("only", "names"),
    [
        ("mypy", ["mypy"]),
        ("tsc", ["npm", "tsc"]),
        ("tests", ["browser", "programs", "pytest"]),
        ("pytest,ruff", ["ruff", "browser", "programs", "pytest"]),
    ],
)
def test_parts_are_picked_by_name_or_group(only: str, names: list[str]) -> None:
    assert [part.name for part in harness.select(harness.checks([]), only)] == names


def test_a_part_that_does_not_exist_is_named() -> None:
    with pytest.raises(SystemExit, match="No part is called nonsense"):
        harness.select(harness.checks([]), "mypy,nonsense")


def test_a_failure_is_shown_and_the_rest_goes_on(capfd: pytest.CaptureFixture[str]) -> None:
    parts = [Part("x", "first", BAD), Part("x", "second", GOOD)]
    assert harness.run(parts) == 1
    said = capfd.readouterr().out.splitlines()
    assert said[0].startswith("first     FAILED")
    assert said[1] == "the reason"
    assert said[2].startswith("second    ok")
    assert said[3] == "FAILED: first (1 of 2 parts went well)"


def test_what_went_well_is_one_line_each(capfd: pytest.CaptureFixture[str]) -> None:
    assert harness.run([Part("x", "first", GOOD), Part("x", "second", GOOD)]) == 0
    said = capfd.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["first", "second", "2"]


def test_groups_run_side_by_side(tmp_path: Path) -> None:
    """Each waits for a file that the other writes."""
    meet = """
import pathlib, sys, time
mine, other = map(pathlib.Path, sys.argv[1:])
mine.touch()
end = time.monotonic() + 60
while not other.exists():
    assert time.monotonic() < end
    time.sleep(0.01)
"""
    files = [str(tmp_path / name) for name in "ab"]
    parts = [
        Part("x", "first", [sys.executable, "-c", meet, *files]),
        Part("y", "second", [sys.executable, "-c", meet, *files[::-1]]),
    ]
    assert harness.run(parts) == 0


def test_pytest_begins_after_what_it_needs_and_is_heard_after_the_rest(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """mypy waits for a file that pytest writes, and pytest wants one that npm has written."""
    installed, begun = tmp_path / "installed", tmp_path / "begun"
    wait = """
import pathlib, sys, time
end = time.monotonic() + 60
while not pathlib.Path(sys.argv[1]).exists():
    assert time.monotonic() < end
    time.sleep(0.01)
"""
    install = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
    begin = """
import pathlib, sys
assert pathlib.Path(sys.argv[1]).exists()
pathlib.Path(sys.argv[2]).touch()
print("first", flush=True)
print("last")
"""
    paths = [str(installed), str(begun)]
    parts = [
        Part("x", "mypy", [sys.executable, "-c", wait, str(begun)]),
        Part("y", "npm", [sys.executable, "-c", install, str(installed)]),
        Part("z", "pytest", [sys.executable, "-c", begin, *paths]),
    ]
    assert harness.run(parts) == 0
    said = [line.split()[0] for line in capfd.readouterr().out.splitlines()]
    assert said == ["npm", "mypy", "2", "pytest", "first", "last"]


def test_the_closing_line_of_pytest_ends_the_output(capfd: pytest.CaptureFixture[str]) -> None:
    assert harness.run([Part("x", "first", GOOD), Part("x", "pytest", GOOD)]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "all well"


def test_a_failure_before_pytest_is_not_hidden_by_it(capfd: pytest.CaptureFixture[str]) -> None:
    assert harness.run([Part("x", "first", BAD), Part("x", "pytest", GOOD)]) == 1
    assert capfd.readouterr().out.splitlines()[-1].startswith("FAILED: first")


def test_the_browser_that_is_named_is_taken(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.touch()
    assert chromium.find({chromium.VARIABLE: str(browser), "PATH": ""}) == browser


def test_a_browser_that_is_named_but_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(chromium.Missing, match="which is not there"):
        chromium.find({chromium.VARIABLE: str(tmp_path / "browser")})


@pytest.mark.parametrize("name", chromium.NAMES)
def test_a_browser_on_the_path_is_found(name: str, tmp_path: Path) -> None:
    browser = tmp_path / (f"{name}.exe" if sys.platform == "win32" else name)
    browser.touch(mode=0o755)
    assert chromium.find({"PATH": str(tmp_path)}) == browser


def test_no_browser_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "PLACES", {})
    with pytest.raises(chromium.Missing, match="Install one, or name it: PLAYGROUND_BROWSER"):
        chromium.find({"PATH": str(tmp_path)})
