"""Quotas: what may be kept in all, and what one client may make in an hour."""

import shutil
from collections.abc import Iterator
from contextlib import closing, nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.config import Quotas
from app.errors import DiskLow, QuotaFull, QuotaUsed, StoreUnavailable, UnknownExperiment
from app.store import open_store
from app.store.base import Chunk, Record
from app.store.metered import HOUR, LOOK_AGAIN, NEW, MeteredStore


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
        self.inner = open_store(f"sqlite:///{folder / 'basin.db'}", lifetime=timedelta(days=1))
        self.store = MeteredStore(self.inner, quotas, lambda: self.client, self.clock)

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
        asked.store.save(Record("a", 3, b"", b""), Chunk(2, 2, b"x"))
    asked.store.save(Record("a", 3, b"", b""), keep_until=0)  # to go back takes no room
    asked.clock.now += HOUR + 61
    asked.store.save(Record("a", 4, b"", b""), Chunk(1, 1, b"x"))


@pytest.mark.parametrize("asked", [Quotas(client_bytes=5000)], indirect=True)
def test_a_branch_counts_with_the_history_that_it_copies(asked: Asked) -> None:
    asked.make("a")
    asked.store.save(Record("a", 2, b"{}", b""), Chunk(1, 1, bytes(2000)))
    asked.store.copy("a", Record("b", 1, b"{}", b""), 1)
    asked.store.copy("a", Record("c", 1, b"{}", b""), 1)
    with pytest.raises(QuotaUsed):
        asked.store.copy("a", Record("d", 1, b"{}", b""), 1)


@pytest.mark.parametrize("asked", [Quotas(bytes=1 << 20)], indirect=True)
def test_what_was_stored_since_the_last_look_counts(asked: Asked) -> None:
    asked.make("a")
    asked.store.save(Record("a", 2, b"{}", b""), Chunk(1, 1, bytes(1 << 20)))
    with pytest.raises(QuotaFull):
        asked.make("b")


@pytest.mark.parametrize("asked", [Quotas(bytes=1 << 20)], indirect=True)
def test_the_last_tenth_is_for_what_is_there(asked: Asked) -> None:
    asked.make("a")
    asked.store.save(Record("a", 2, b"{}", b""), Chunk(1, 1, bytes(950_000)))
    asked.clock.now += 2 * LOOK_AGAIN
    with pytest.raises(QuotaFull, match="at most 1048576 bytes"):
        asked.make("b")
    with pytest.raises(QuotaFull):
        asked.store.copy("a", Record("b", 1, b"{}", b""), 1)
    asked.store.save(Record("a", 3, b"{}", b""), Chunk(2, 2, b"x"))  # it goes on
    asked.store.delete("a")
    asked.make("b")


@pytest.mark.parametrize("asked", [Quotas()], indirect=True)
@pytest.mark.parametrize(
    ("disk", "free", "new", "more"),
    [
        (1 << 38, 257 << 20, True, True),
        (1 << 38, 255 << 20, False, True),
        (1 << 38, 127 << 20, False, False),
        (1 << 30, 52 << 20, True, True),  # a small disk
        (1 << 30, 51 << 20, False, True),
        (1 << 30, 25 << 20, False, False),
    ],
)
def test_a_part_of_the_disk_stays_free(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, disk: int, free: int, new: bool, more: bool
) -> None:
    asked.make("a")
    asked.clock.now += 2 * LOOK_AGAIN
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(total=disk, free=free))
    with nullcontext() if new else pytest.raises(DiskLow, match=r"less than \d+ bytes left"):
        asked.make("b")
    with nullcontext() if more else pytest.raises(DiskLow):
        asked.store.save(Record("a", 2, b"{}", b""), Chunk(1, 1, b"x"))
    asked.store.save(Record("a", 3 if more else 2, b"{}", b""), keep_until=0)
    asked.store.delete("a")


def test_a_class_behind_one_address_stays_below_what_is_set_by_default() -> None:
    learners, made, steps, bytes_a_step = 300, 300, 150_000, 300  # in an hour, of each; README
    quotas = Quotas()
    assert quotas.experiments is not None
    assert quotas.bytes is not None
    assert quotas.client_experiments is not None
    assert quotas.client_bytes is not None
    assert learners * made < quotas.client_experiments < quotas.experiments
    assert learners * steps * bytes_a_step < quotas.client_bytes < NEW * quotas.bytes


@pytest.mark.parametrize("asked", [Quotas()], indirect=True)
def test_a_store_that_cannot_answer_is_counted_and_what_is_not_there_is_not(asked: Asked) -> None:
    with pytest.raises(UnknownExperiment):
        asked.store.load("a")
    assert asked.store.failures == 0
    asked.store.close()
    with pytest.raises(StoreUnavailable):
        asked.store.load("a")
    assert asked.store.failures == 1
    with pytest.raises(StoreUnavailable):
        asked.store.now()
    assert asked.store.failures == 2


@pytest.mark.parametrize("asked", [Quotas(bytes=1 << 20)], indirect=True)
def test_a_full_store_takes_no_more_of_what_is_there_either(asked: Asked) -> None:
    asked.make("a")
    asked.store.save(Record("a", 2, b"{}", b""), Chunk(1, 1, bytes(1 << 20)))
    asked.clock.now += 2 * LOOK_AGAIN
    with pytest.raises(QuotaFull):
        asked.store.save(Record("a", 3, b"{}", b""), Chunk(2, 2, b"x"))
