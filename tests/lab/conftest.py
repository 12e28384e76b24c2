"""One Basin for all tests of this folder; every test makes experiments of its own."""

from collections.abc import Iterator

import pytest

from tests.lab.client import Client, serving


@pytest.fixture(scope="session")
def basin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Without what others have come to: else a second look would find what the first has made."""
    with serving(tmp_path_factory.mktemp("store"), alone=True) as client:
        yield client
