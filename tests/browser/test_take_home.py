"""What is taken home trains again without Basin; what is brought back opens, or says why not."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from playwright.sync_api import Download, expect

from tests.browser.visit import Visit
from tests.lab.export.running import run_scripts

WAYS = {"numpy": 1, "spec": 1, "history": 1, "npz": 1, "json": 1, "svg": 5, "report": 1}
"""What is taken home, and in how many files."""
PASTE = """(text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.body.dispatchEvent(paste);
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
