"""Quotas: what may be kept in all, and what one client may make in an hour."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.config import Quotas
from app.errors import QuotaFull, QuotaUsed, StoreUnavailable, UnknownExperiment
from app.store import open_store
from app.store.base import Chunk, Record
from app.store.metered import HOUR, LOOK_AGAIN, MeteredStore


class Clock:
    """A clock that a test turns by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Asked:
    """A store within quotas, whose client a test names."""

    def __init__(self, folder: Path, quotas: Quotas) -> None:
        self.client: str | None = "10.0.0.1"
        self.clock = Clock()
        inner = open_store(f"sqlite:///{folder / 'basin.db'}", lifetime=timedelta(days=1))
        self.store = MeteredStore(inner, quotas, lambda: self.client, self.clock)

    def make(self, id: str) -> None:
        self.store.create(Record(id, 1, b"{}", b"state"), Chunk(0, 0, b"0123456789"))


@pytest.fixture
def asked(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Asked]:
    found = Asked(tmp_path, request.param)
    with closing(found.store):
        yield found


@pytest.mark.parametrize("asked", [Quotas(experiments=2)], indirect=True)
def test_as_many_are_kept_as_may_be_and_one_that_goes_makes_room(asked: Asked) -> None:
    asked.make("a")
    asked.make("b")
    asked.clock.now += 2 * LOOK_AGAIN
    with pytest.raises(QuotaFull, match="at most 2 experiments"):
        asked.make("c")
    asked.store.save(Record("a", 2, b"{}", b""))  # what is there goes on
    asked.store.delete("a")
    asked.make("c")


@pytest.mark.parametrize("asked", [Quotas(bytes=10)], indirect=True)
def test_a_store_of_so_many_bytes_takes_no_more(asked: Asked) -> None:
    with pytest.raises(QuotaFull, match="at most 10 bytes"):
        asked.make("a")


@pytest.mark.parametrize("asked", [Quotas(client_experiments=2)], indirect=True)
def test_a_client_makes_so_many_in_an_hour_and_others_as_many(asked: Asked) -> None:
    asked.make("a")
    asked.clock.now += HOUR / 2
    asked.make("b")
    with pytest.raises(QuotaUsed) as refused:
        asked.make("c")
    assert refused.value.retry_after == HOUR / 2, "when the first is an hour old"
    asked.store.save(Record("a", 2, b"{}", b""), Chunk(1, 1, b"x"))  # training goes on
    asked.client = "10.0.0.2"
    asked.make("c")
    asked.client = None  # the server itself
    asked.make("d")
    asked.client = "10.0.0.1"
    asked.clock.now += HOUR / 2 + 1
    asked.make("e")


@pytest.mark.parametrize("asked", [Quotas(client_bytes=30)], indirect=True)
def test_a_client_stores_so_many_bytes_in_an_hour(asked: Asked) -> None:
    asked.make("a")
    asked.store.save(Record("a", 2, b"{}", b""), Chunk(1, 1, b"x" * 20))
    with pytest.raises(QuotaUsed, match="at most 30 bytes"):
        asked.make("b")
    with pytest.raises(QuotaUsed, match="at most 30 bytes"):
        asked.store.save(Record("a", 3, b"", b""))
    asked.clock.now += HOUR + 61
    asked.store.save(Record("a", 3, b"", b""))


@pytest.mark.parametrize("asked", [Quotas()], indirect=True)
def test_a_store_that_cannot_answer_is_counted_and_what_is_not_there_is_not(asked: Asked) -> None:
    with pytest.raises(UnknownExperiment):
        asked.store.load("a")
    assert asked.store.failures == 0
    asked.store.close()
    with pytest.raises(StoreUnavailable):
        asked.store.load("a")
    assert asked.store.failures == 1


@pytest.mark.parametrize("asked", [Quotas(bytes=1 << 20)], indirect=True)
def test_a_full_store_takes_no_more_of_what_is_there_either(asked: Asked) -> None:
    asked.make("a")
    asked.store.save(Record("a", 2, b"{}", b""), Chunk(1, 1, bytes(1 << 20)))
    asked.clock.now += 2 * LOOK_AGAIN
    with pytest.raises(QuotaFull):
        asked.store.save(Record("a", 3, b"{}", b""), Chunk(2, 2, b"x"))
