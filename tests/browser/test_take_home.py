"""What is taken home trains again without Basin; what is brought back opens, or says why not."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from playwright.sync_api import Download, Route, expect

from tests.browser.visit import WORDS, Visit
from tests.lab.export.running import run_scripts

WAYS = {"numpy": 1, "spec": 1, "history": 1, "npz": 1, "json": 1, "svg": 5, "report": 1}
"""What is taken home, and in how many files."""
PASTE = """(text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.body.dispatchEvent(paste);
}"""

# A browser tells so of a folder that is dropped, and of a file that is gone when it is read.
UNREADABLE = """() => {
    Blob.prototype.text = Blob.prototype.arrayBuffer = () =>
        Promise.reject(new DOMException("", "NotFoundError"));
}"""
DROP = """(selector) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["{}"], "folder"));
    const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    document.querySelector(selector).dispatchEvent(drop);
}"""


def downloads(visit: Visit, way: str, files: int) -> list[Download]:
    """All the files that one button saves."""
    found: list[Download] = []

    def complete(download: Download) -> bool:
        found.append(download)
        return len(found) == files

    with visit.page.expect_download(complete):
        visit.click(f"#take-home-{way}")
    return found


@pytest.mark.flat
@pytest.mark.console_allows("422")
def test_what_is_taken_home_and_brought_back(visit: Visit, tmp_path: Path) -> None:
    visit.train(to=12)
    expected = visit.losses()
    visit.click("#take-home-open")
    saved: dict[str, Path] = {}
    for way, files in WAYS.items():
        for download in downloads(visit, way, files):
            saved[way] = tmp_path / download.suggested_filename
            download.save_as(saved[way])
        expect(visit.find("#take-home-said")).to_contain_text("Saved")

    (trained,) = run_scripts({"it": saved["numpy"].read_text("utf-8")}, tmp_path).values()
    np.testing.assert_array_equal(trained, np.array(expected)[:, : trained.shape[1]])
    assert saved["history"].read_text("utf-8").startswith("step,")
    assert np.load(saved["npz"])["W1"].shape[0] == len(expected)
    assert len(json.loads(saved["json"].read_text())["runs"]) == len(expected)
    figures = sorted(path.stem.split("-")[1] for path in tmp_path.glob("*.svg"))
    assert figures == ["contour", "loss", "network", "outputs", "signals"]
    for path in tmp_path.glob("*.svg"):
        assert ET.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    report = saved["report"].read_text("utf-8")
    assert report.count("data:image/png;base64,") == WAYS["svg"]
    assert "http://127" not in report
    told = ("data set circle", "loss cross-entropy", "gradient descent", "Learning rate α")
    assert all(words in report for words in told)
    assert report.split("<details")[0].count("cross_entropy") == 0  # nor any other id

    visit.page.keyboard.press("Escape")
    before = visit.id
    document = json.loads(saved["spec"].read_text("utf-8"))
    for text, said in (
        (json.dumps(document, indent=1)[:200], "no complete JSON"),
        ('{"name": "somebody"}', "no experiment"),
        (json.dumps({**document, "seed": -1}), "/seed"),
    ):
        visit.page.evaluate(PASTE, text)
        expect(visit.find("#take-home-said")).to_contain_text(said)
        visit.page.keyboard.press("Escape")
    assert visit.id == before

    document["data"] = {"name": "gate-xor"}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(document))
    visit.click("#take-home-open")
    visit.find("#take-home-file").set_input_files(other)
    expect(visit.find("#notice")).to_contain_text("is open")
    expect(visit.find("#take-home")).to_be_hidden()
    assert visit.ask()["spec"]["data"]["name"] == "gate-xor"
    assert visit.ask()["step"] == document["step"]


HOSTILE = (
    '<a href="https://elsewhere.example/">in</a>',
    "<b>bold</b><br>&lt;i&gt;%{y}",
    "nul\0 one\1 escape\x1b end\uffff",
)
"""Names that are markup for Plotly, or that no XML can hold."""


def is_span(element: ET.Element) -> bool:
    """Whether an element is a part of a text: bold, a line of its own, or the exponent of 10."""
    return element.tag.rpartition("}")[2] == "tspan"


@pytest.mark.flat
def test_names_are_text_in_every_figure(visit: Visit, tmp_path: Path) -> None:
    data = {
        "name": "custom",
        "inputs": [[1, 2], [2, 1], [0, 1], [1, 1]],
        "targets": [0, 1, 0, 1],
        "input_names": [HOSTILE[2], HOSTILE[0]],
        "target_name": HOSTILE[1],
    }
    document = {"data": data, "runs": [{"label": name} for name in HOSTILE], "step": 3}
    visit.anew(lambda: visit.page.evaluate(PASTE, json.dumps(document)))
    visit.click("#take-home-open")
    seen = ""
    for download in downloads(visit, "svg", 5):
        file = tmp_path / download.suggested_filename
        download.save_as(file)
        root = ET.parse(file).getroot()
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert "a" not in tags, file
        spans = {"".join(element.itertext()) for element in root.iter() if is_span(element)}
        assert all(re.fullmatch("\u200b|\u2212?[0-9]+", text) for text in spans), (file, spans)
        seen += " ".join(root.itertext())
    for name in (*HOSTILE[:2], "nul  one  escape  end"):
        assert name in seen
    (report,) = downloads(visit, "report", 1)
    text = Path(report.path()).read_text("utf-8")
    assert text.count("data:image/png;base64,") == WAYS["svg"]
    assert "<a " not in text
    assert "<b>" not in text


XOR = json.dumps({"data": {"name": "gate-xor"}})


@pytest.mark.flat
def test_figures_wait_for_what_is_on_its_way(visit: Visit) -> None:
    visit.rest()
    coming: list[Route] = []
    visit.page.route("**/surface?*", lambda route: coming.append(route))
    visit.anew(lambda: visit.page.evaluate(PASTE, XOR))
    visit.click("#take-home-open")
    saved: list[Download] = []
    visit.page.on("download", lambda file: saved.append(file))
    visit.click("#take-home-svg")
    visit.eventually(lambda: coming, bool)
    visit.page.wait_for_timeout(500)
    assert not saved  # the figures would be one too few
    for route in coming:
        route.continue_()
    visit.page.unroute("**/surface?*")
    visit.eventually(lambda: saved, lambda files: len(files) == WAYS["svg"])


@pytest.mark.flat
@pytest.mark.console_allows("503")
def test_figures_that_cannot_be_had_are_not_left_out_in_silence(visit: Visit) -> None:
    refusal = {"status": 503, "content_type": "application/problem+json", "body": "{}"}
    visit.page.route("**/surface?*", lambda route: route.fulfill(**refusal))
    visit.anew(lambda: visit.page.evaluate(PASTE, XOR))
    visit.click("#take-home-open")
    visit.click("#take-home-svg")
    expect(visit.find("#take-home-said")).to_have_text(WORDS["en"]["errors.offline"])


@pytest.mark.flat
@pytest.mark.console_allows("422")
def test_a_figure_that_cannot_be_drawn_is_named_and_what_was_changed_is_told(visit: Visit) -> None:
    layers = [{"units": 2, "activation": "tanh"}, {"units": 1, "activation": "linear"}]
    change = {"step": 2, "optimizer": {"name": "adam", "learning_rate": 0.05}}
    document = {"data": {"name": "gate-xor"}, "layers": layers, "loss": "mse", "step": 3}
    document["events"] = [change]
    visit.anew(lambda: visit.page.evaluate(PASTE, json.dumps(document)))
    visit.page.get_by_role("tab", name=WORDS["en"]["landscape.view.losses"], exact=True).click()
    expect(visit.find("#landscape-problem")).to_be_visible()
    visit.click("#take-home-open")
    downloads(visit, "svg", 4)
    lacks = "Not among the figures: Two losses."
    expect(visit.find("#take-home-said")).to_contain_text(lacks)
    (report,) = downloads(visit, "report", 1)
    text = Path(report.path()).read_text("utf-8")
    told = (lacks, "step 2: Adam, α = 0.05", "2 tanh, 1 linear")
    assert all(words in text for words in told)


@pytest.mark.flat
@pytest.mark.console_allows("422")
def test_a_long_way_can_be_stopped(visit: Visit) -> None:
    before = visit.id
    layers = [{"units": 64}, {"units": 64}, {"units": 1}]
    long = {"data": {"name": "gate-xor"}, "step": 1_000_000, "layers": layers}
    visit.page.evaluate(PASTE, json.dumps(long))
    visit.click("#take-home-stop")
    expect(visit.find("#take-home")).to_be_hidden()
    expect(visit.find("#notice")).to_contain_text(WORDS["en"]["takeHome.in.import.stopped"])
    visit.step()  # and goes on with what was there
    assert visit.id == before


@pytest.mark.flat
@pytest.mark.console_allows("404")
def test_what_the_server_has_forgotten_is_made_again_and_saved(visit: Visit) -> None:
    visit.step(2)
    assert visit.page.request.delete(f"/api/experiments/{visit.id}").ok
    visit.click("#take-home-open")
    (file,) = downloads(visit, "json", 1)
    assert json.loads(Path(file.path()).read_text("utf-8"))["step"] == 2
    expect(visit.find("#take-home-said")).to_contain_text("Saved")


@pytest.mark.flat
def test_a_folder_is_said_to_be_none(visit: Visit) -> None:
    visit.page.evaluate(UNREADABLE)
    visit.page.evaluate(DROP, "body")
    expect(visit.find("#take-home-said")).to_have_text(WORDS["en"]["takeHome.in.import.unreadable"])
    visit.page.keyboard.press("Escape")
    visit.click("#own-open")
    expect(visit.find("#own textarea")).to_be_visible()
    visit.page.evaluate(DROP, "#own textarea")
    expect(visit.find("#own .problem")).to_have_text(WORDS["en"]["table.unreadable"])
