"""The line of studies: order, bounds, leases, and processes that change it at once."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import Busy, LineUsed
from app.lab.study import line as line_module
from app.lab.study.line import EACH, LEASE, RUNNING, WAITING, Line, Owner
from app.store import Chunk, Record, Store, open_store
from tests.machine import Machine
from tests.redis_server import RedisServer

HERE, THERE = Owner("one", "1"), Owner("two", "1")
DAY = 86_400


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """A store whose time a test turns by hand; it keeps the line however far."""
    url, lifetime = f"sqlite:///{tmp_path}/line.db", timedelta(days=1000)
    with closing(open_store(url, lifetime=lifetime, clock=clock)) as store:
        yield store


@pytest.fixture
def line(store: Store) -> Line:
    return Line(store)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["sqlite", "redis"])
def url(request: pytest.FixtureRequest, tmp_path: Path, redis: RedisServer) -> str:
    """Where a store is that several servers use, with the time that it has."""
    with redis.client() as client:
        client.flushall()
    return redis.url if request.param == "redis" else f"sqlite:///{tmp_path}/shared.db"


def ids(line: Line) -> list[str]:
    return [entry.id for entry in line.entries()]


def test_an_empty_line_is_empty(line: Line) -> None:
    assert line.entries() == ()
    assert line.take(HERE) == []
    line.leave("a")


def test_studies_stand_in_the_order_in_which_they_came(line: Line) -> None:
    for id in "abc":
        line.join(id)
    line.join("a")
    assert ids(line) == ["a", "b", "c"]


def test_a_full_line_is_busy(line: Line) -> None:
    for number in range(RUNNING + WAITING):
        line.join(str(number))
    with pytest.raises(Busy):
        line.join("one more")
    line.leave("0")
    line.join("one more")


def test_one_client_leaves_places_for_others(store: Store, line: Line) -> None:
    for number in range(EACH):
        line.join(str(number), "10.0.0.1")
    line.take(HERE)
    line.release(HERE, ["0"])  # whose place it is does not change with who runs it
    with pytest.raises(LineUsed, match=f"at most {EACH} studies of one address"):
        Line(store).join("one more", "10.0.0.1")
    line.join("0", "10.0.0.1")  # which is in it already
    line.join("another's", "10.0.0.2")
    line.leave("0")
    line.join("one more", "10.0.0.1")
    assert b"10.0.0.1" not in store.load("line/studies").body + store.load("line/studies").state


def test_a_line_of_an_earlier_version_is_read(store: Store, line: Line) -> None:
    store.create(
        Record("line/studies", 1, b'[["a", "one", "1", 5.0], ["b"]]', b""), Chunk(0, 0, b"")
    )
    line.join("c", "10.0.0.1")
    assert ids(line) == ["a", "b", "c"]
    assert line.take(THERE) == ["a", "b"]


def test_the_first_of_the_line_run(line: Line) -> None:
    for id in "abcd":
        line.join(id)
    assert line.take(HERE) == ["a", "b"]
    line.leave("a")
    assert line.take(HERE) == ["b", "c"]


def test_a_study_is_run_by_one_process(line: Line) -> None:
    line.join("a")
    assert line.take(HERE) == ["a"]
    assert line.take(THERE) == []


def test_a_lease_that_is_renewed_holds(line: Line, clock: Clock) -> None:
    line.join("a")
    line.take(HERE)
    for _ in range(5):
        clock.now += 0.7 * LEASE
        assert line.take(HERE) == ["a"]
        assert line.take(THERE) == []


def test_a_lease_that_is_over_is_taken_over_and_the_log_says_so(
    line: Line, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    line.join("a")
    line.take(HERE)
    line.take(HERE)
    assert not caplog.messages
    clock.now += LEASE + 1
    assert line.take(THERE) == ["a"]
    assert caplog.messages == [f"study a: taken over from {HERE.process} on {HERE.machine}"]
    assert line.take(HERE) == []


def test_a_lease_that_was_taken_before_the_time_went_back_is_over(line: Line, clock: Clock) -> None:
    line.join("a")
    clock.now += 400 * DAY
    line.take(HERE)
    clock.now -= 400 * DAY
    assert line.take(THERE) == ["a"]
    assert line.take(HERE) == []


@pytest.mark.parametrize("ahead", [25, 400 * DAY])
def test_servers_whose_clocks_differ_leave_each_other_their_studies(url: str, ahead: float) -> None:
    with closing(open_store(url, lifetime=timedelta(days=1))) as store:
        line = Line(store)
        line.join("a")
        with Machine(url, "right", 0) as right, Machine(url, "wrong", ahead) as wrong:
            for one, other in ((right, wrong), (wrong, right)):
                assert one.take() == ["a"]
                taken = line.entries()
                for _ in range(3):
                    assert other.take() == []
                    assert one.take() == ["a"]
                assert line.entries() == taken, "not even renewed so soon"
                one.release(["a"])


def test_a_lease_that_is_not_renewed_is_over_in_every_store(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "LEASE", 1.0)
    with closing(open_store(url, lifetime=timedelta(days=1))) as store:
        line = Line(store)
        line.join("a")
        begun = time.monotonic()
        assert line.take(HERE) == ["a"]
        while line.take(THERE) != ["a"]:
            assert time.monotonic() - begun < 60
            time.sleep(0.02)
        assert time.monotonic() - begun > 0.9


def test_an_empty_line_does_not_ask_for_the_time(redis: RedisServer) -> None:
    with closing(open_store(redis.url, lifetime=timedelta(days=1))) as store, redis.client() as own:
        own.flushall()
        own.config_resetstat()
        line = Line(store)
        line.join("a")
        line.leave("a")
        assert line.take(HERE) == []
        assert "cmdstat_time" not in own.info("commandstats")
        line.join("a")
        assert line.take(HERE) == ["a"]
        assert own.info("commandstats")["cmdstat_time"]["calls"] == 1


def test_a_lease_of_this_machine_is_over_for_the_process_that_has_its_lock(line: Line) -> None:
    line.join("a")
    line.take(HERE)
    assert line.take(Owner("one", "2")) == ["a"]


def test_a_study_that_is_given_back_keeps_its_place(line: Line) -> None:
    for id in "abc":
        line.join(id)
    line.take(HERE)
    line.release(HERE, ["a"])
    assert ids(line) == ["a", "b", "c"]
    assert line.take(THERE) == ["a"]


def test_nothing_is_lost_when_many_change_the_line_at_once(store: Store) -> None:
    def join(number: int) -> None:
        Line(store).join(str(number))

    threads = [threading.Thread(target=join, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ids(Line(store))) == sorted(map(str, range(12)))


@pytest.mark.parametrize("text", [b"", b"x"])
def test_a_line_whose_record_is_lost_begins_anew(redis: RedisServer, text: bytes) -> None:
    with redis.client() as client:
        client.flushall()
        client.set("basin:record:line/studies", text)
    with closing(open_store(redis.url, lifetime=timedelta(days=1))) as store:
        line = Line(store)
        assert line.entries() == ()
        line.join("a")
        line.join("b")
        assert line.take(HERE) == ["a", "b"]
