"""What is taken home trains again without Basin; what is brought back opens, or says why not."""

import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit
from tests.lab.export.running import run_scripts

WAYS = ("numpy", "spec", "history", "npz", "json", "png", "report")
PASTE = """(text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.body.dispatchEvent(paste);
}"""


@pytest.mark.flat
@pytest.mark.console_allows("422")
def test_what_is_taken_home_and_brought_back(visit: Visit, tmp_path: Path) -> None:
    visit.train(to=12)
    expected = visit.losses()
    visit.click("#take-home-open")
    saved: dict[str, Path] = {}
    for way in WAYS:
        with visit.page.expect_download() as download:
            visit.click(f"#take-home-{way}")
        saved[way] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[way])
        expect(visit.find("#take-home-said")).to_contain_text("Saved")

    (trained,) = run_scripts({"it": saved["numpy"].read_text("utf-8")}, tmp_path).values()
    np.testing.assert_array_equal(trained, np.array(expected)[:, : trained.shape[1]])
    assert saved["history"].read_text("utf-8").startswith("step,")
    assert np.load(saved["npz"])["W1"].shape[0] == len(expected)
    assert len(json.loads(saved["json"].read_text())["runs"]) == len(expected)
    assert saved["png"].read_bytes().startswith(b"\x89PNG")
    report = saved["report"].read_text("utf-8")
    assert report.count("data:image/png;base64,") >= 2
    assert "http://127" not in report

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
