"""One Basin for all tests of this folder; every test makes experiments of its own."""

from collections.abc import Iterator

import pytest

from tests.lab.client import Client, serving


@pytest.fixture(scope="session")
def basin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("store")) as client:
        yield client
