"""Stores of earlier versions: `stores/` has one of each, and what that version said of it."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from app.store.upkeep import check
from tests.lab.client import Experiment, serving

STORES = Path(__file__).parent / "stores"
VERSIONS = sorted(path.name.removesuffix(".db.gz") for path in STORES.glob("*.db.gz"))


@pytest.mark.parametrize("version", VERSIONS)
def test_an_experiment_of_an_earlier_version_is_as_it_was_and_goes_on(
    tmp_path: Path, version: str
) -> None:
    said = json.loads((STORES / f"{version}.json").read_text("utf-8"))
    file = tmp_path / "basin.db"
    file.write_bytes(gzip.decompress((STORES / f"{version}.db.gz").read_bytes()))
    assert check(file).problems == ()
    with serving(tmp_path) as client:
        experiment = Experiment(client, said["id"])
        loss = experiment.loss()
        assert {name: loss[name] for name in said["loss"]} == said["loss"]
        for run in range(2):
            W, b = experiment.parameters(run)
            assert {"W": W, "b": b} == said["parameters"][run]
            W, b = experiment.parameters(run, 30)
            for name, found in (("W", W), ("b", b)):
                for layer, expected in zip(found, said["rewound"][run][name], strict=True):
                    np.testing.assert_allclose(layer, expected, rtol=1e-9)
        experiment.rewind(30)
        again = experiment.train(50)
        assert again["step"] == 80
        assert client.post(f"{experiment.url}/branch", {"step": 10}, 201)["step"] == 10
