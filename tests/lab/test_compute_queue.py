"""The compute queue: a lock that clients take turns to hold, with a timeout, and with yield."""

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from app.errors import Busy, Superseded
from app.lab.compute_queue import CLIENT, GONE, HALF_LIFE, LONGEST_WAIT, ComputeQueue, Many


def thread(work: Callable[..., None], *asked: object) -> threading.Thread:
    started = threading.Thread(target=work, args=asked)
    started.start()
    return started


def wait_for(queue: ComputeQueue, count: int, gone: Sequence[object] = ()) -> None:
    """Until so many threads wait or are gone, at most a minute."""
    end = time.monotonic() + 60.0
    while len(queue._queue) + len(gone) < count:
        assert time.monotonic() < end
        time.sleep(0.001)


def test_threads_get_the_lock_in_the_order_in_which_they_asked() -> None:
    queue, order = ComputeQueue(5.0), []

    def ask(name: int) -> None:
        with queue.lock():
            order.append(name)

    with queue.lock():
        threads = []
        for name in range(5):
            threads.append(thread(ask, name))
            wait_for(queue, name + 1)
    for one in threads:
        one.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_thread_that_yields_lets_those_that_wait_go_first() -> None:
    queue, order = ComputeQueue(5.0), []

    def train() -> None:
        with queue.lock():
            order.append("train")

    with queue.lock():
        order.append("draw")
        queue.yield_to_waiting()  # to nobody
        other = thread(train)
        wait_for(queue, 1)
        queue.yield_to_waiting()
        order.append("draw")
    other.join()
    assert order == ["draw", "train", "draw"]


def test_a_thread_that_waits_too_long_gets_busy_and_leaves_the_queue() -> None:
    queue = ComputeQueue(0.01)
    with queue.lock():
        busy: list[Busy] = []

        def ask() -> None:
            with pytest.raises(Busy) as error, queue.lock():
                pass
            busy.append(error.value)

        thread(ask).join()
        assert busy[0].retry_after >= 1
    with queue.lock():
        pass


def test_a_newer_request_takes_the_place_of_one_that_waits() -> None:
    queue, done, refused = ComputeQueue(5.0), [], []

    def ask(name: str, key: str | None) -> None:
        try:
            with queue.lock(key):
                done.append(name)
        except Superseded:
            refused.append(name)

    with queue.lock("a view"):
        threads = []
        asked = [("old", "view"), ("other", "another view"), ("none", None), ("new", "view")]
        for place, (name, key) in enumerate(asked):
            threads.append(thread(ask, name, key))
            wait_for(queue, place + 1, refused)
    for one in threads:
        one.join()
    assert refused == ["old"]
    assert done == ["new", "other", "none"]


def test_the_lock_is_released_after_an_error() -> None:
    queue = ComputeQueue(0.01)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), queue.lock():
            raise ZeroDivisionError


class Asking:
    """Threads that ask for a lock in order, each for a client; `order` is how they got it."""

    def __init__(self, queue: ComputeQueue) -> None:
        self.queue = queue
        self.order: list[str] = []
        self.refused: list[Busy] = []
        self._threads: list[threading.Thread] = []

    def ask(self, client: str, work: Callable[[], None] = lambda: None) -> None:
        """Another thread, which waits or is refused when this returns."""

        def hold() -> None:
            CLIENT.set(client)
            try:
                with self.queue.lock():
                    self.order.append(client)
                    work()
            except Busy as busy:
                self.refused.append(busy)

        before = self.queue.waiting + len(self.refused)
        self._threads.append(thread(hold))
        wait_for(self.queue, before + 1, self.refused)

    def join(self) -> None:
        for one in self._threads:
            one.join()


def test_whoever_computed_least_lately_is_next() -> None:
    now = [0.0]
    queue = ComputeQueue(5.0, clock=lambda: now[0])
    asking = Asking(queue)

    def long() -> None:
        now[0] += 1.0

    with queue.lock():
        for client in ("heavy", "heavy", "heavy", "one", "two", "one"):
            asking.ask(client, long if client == "heavy" else lambda: None)
    asking.join()
    assert asking.order == ["heavy", "one", "two", "one", "heavy", "heavy"]
    now[0] += 30 * HALF_LIFE  # what was long ago is forgotten
    with queue.lock():
        for client in ("one", "heavy"):
            asking.ask(client)
    asking.join()
    assert asking.order[-2:] == ["one", "heavy"]


def test_those_that_are_too_many_are_told_so_at_once() -> None:
    queue = ComputeQueue(60.0, most=3, each=2)
    asking = Asking(queue)
    with queue.lock():
        for client in ("a", "a", "a", "b", "c"):
            asking.ask(client)
        assert [busy.retry_after for busy in asking.refused] == [1, 1]
        assert queue.waiting == 3
    asking.join()
    assert sorted(asking.order) == ["a", "a", "b"]


def test_training_gives_way_to_another_client_but_to_none_of_its_own() -> None:
    now = [0.0]
    queue = ComputeQueue(5.0, clock=lambda: now[0])
    asking = Asking(queue)
    CLIENT.set("me")
    with queue.lock():
        asking.ask("me")
        now[0] += 1.0
        queue.yield_to_others()
        assert asking.order == []
        asking.ask("other")
        queue.yield_to_others()
        assert asking.order == ["other"]
        asking.ask("other")
        queue.yield_to_others()  # too soon
        assert asking.order == ["other"]
    CLIENT.set(None)
    asking.join()
    assert sorted(asking.order) == ["me", "other", "other"]


def test_the_time_in_which_clients_wait_is_told_each_once() -> None:
    now = [0.0]
    queue = ComputeQueue(60.0, clock=lambda: now[0])

    def ask(client: str) -> None:
        CLIENT.set(client)
        with queue.lock():
            pass

    with queue.lock():
        now[0] += 7.0
        assert queue.waited == 0.0, "nobody waits for what is being done"
        threads = [thread(ask, client) for client in ("a", "a", "b")]
        wait_for(queue, 3)
        now[0] += 3.0
        assert queue.waited == 6.0, "two clients, though one has asked twice"
    for one in threads:
        one.join()
    now[0] += 5.0
    assert queue.waited == 6.0


def test_what_gives_way_to_others_is_not_counted_as_waiting() -> None:
    now, turns = [0.0], [threading.Event(), threading.Event()]
    queue = ComputeQueue(60.0, clock=lambda: now[0])

    def train() -> None:
        with queue.lock():
            turns[0].set()
            turns[1].wait(5.0)

    def draw() -> None:
        with queue.lock():
            while not queue.waiting:
                time.sleep(0.001)
            queue.yield_to_waiting()

    drawing = thread(draw)
    training = thread(train)
    assert turns[0].wait(5.0)
    before = queue.waited
    now[0] += 9.0
    assert queue.waited == before
    turns[1].set()
    drawing.join()
    training.join()


def after(now: list[float], queue: ComputeQueue, computed: Sequence[tuple[str, float]]) -> Asking:
    """Who asks once these clients have computed for so many seconds each."""
    for client, seconds in computed:
        CLIENT.set(client)
        with queue.lock():
            now[0] += seconds
    CLIENT.set(None)
    return Asking(queue)


def after_turns(now: list[float], queue: ComputeQueue, seconds: float) -> Asking:
    """Who asks of a queue whose turns took so many seconds each, long ago."""
    asking = after(now, queue, [(f"before {number}", seconds) for number in range(60)])
    now[0] += 30 * HALF_LIFE
    return asking


def test_where_too_many_wait_the_one_goes_whose_client_computed_most() -> None:
    now = [0.0]
    queue = ComputeQueue(60.0, most=2, clock=lambda: now[0])
    asking = after(now, queue, [("heavy", 1.0)])
    with queue.lock():
        for client in ("heavy", "heavy", "one", "heavy", "two"):
            asking.ask(client)
        assert [busy.retry_after for busy in asking.refused] == [1, 1, 1]
        assert queue.waiting == 2
    asking.join()
    assert asking.order == ["one", "two"]


def test_many_who_have_begun_long_work_keep_no_newcomer_out() -> None:
    """Each goes on for as long as it likes, a moment at a time; what it has done may be lost."""
    queue, over, lost = ComputeQueue(60.0, most=3), threading.Event(), []
    worked: list[str] = []

    def train(name: str) -> None:
        CLIENT.set(name)
        try:
            with queue.lock():
                while not over.is_set():
                    time.sleep(0.03)
                    worked.append(name)
                    queue.yield_to_others()
        except Busy as busy:
            lost.append((name, busy.retry_after))

    def click() -> None:
        CLIENT.set("newcomer")
        with queue.lock():
            worked.append("newcomer")

    threads = [thread(train, f"long {k}") for k in range(4)]
    end = time.monotonic() + 60.0
    while len({*worked}) < 4 or len(queue._queue) < 3:  # all have begun, and none has its end
        assert time.monotonic() < end
        time.sleep(0.001)
    thread(click).join()
    assert "newcomer" in worked
    for _ in range(2):
        thread(click).join()  # there is room now
    assert len(lost) == 1
    assert lost[0][1] >= 1
    over.set()
    for one in threads:
        one.join()
    with queue.lock():
        assert queue.waiting == 0


@pytest.mark.parametrize("yields", ["yield_to_others", "yield_to_waiting"])
def test_nothing_is_computed_for_who_has_hung_up(yields: str) -> None:
    now, gone, done = [0.0], [False], []
    queue = ComputeQueue(60.0, clock=lambda: now[0])

    def work(hangs_up_after: float) -> None:
        hangs_up_at = now[0] + hangs_up_after
        with queue.lock():
            for _ in range(8):
                done.append(now[0])
                now[0] += 0.25
                gone[0] = now[0] >= hangs_up_at
                getattr(queue, yields)()

    token = GONE.set(lambda: gone[0])
    try:
        work(100.0)
        assert len(done) == 8
        with pytest.raises(Busy):
            work(0.25)
        assert len(done) == 8 + 4  # it is looked every second
        with pytest.raises(Busy):
            work(100.0)
        assert len(done) == 8 + 4  # for who is gone already it does not begin
    finally:
        GONE.reset(token)
    with queue.lock():
        assert queue.waiting == 0


def test_who_has_hung_up_meanwhile_does_not_go_on_after_giving_way() -> None:
    queue, gone = ComputeQueue(60.0), threading.Event()
    ended: list[None] = []

    def work() -> None:
        CLIENT.set("gone")
        GONE.set(gone.is_set)
        try:
            with queue.lock():
                while True:
                    time.sleep(0.03)
                    queue.yield_to_others()
        except Busy:
            ended.append(None)

    others = [thread(work) for _ in range(3)]
    wait_for(queue, 2)
    gone.set()
    with queue.lock():  # another client, to whom the one that works gives way
        pass
    for one in others:
        one.join(60)
    assert len(ended) == 3


def test_newcomers_of_one_address_do_not_wait_for_all_who_came_before() -> None:
    now = [0.0]
    queue = ComputeQueue(60.0, most=1, clock=lambda: now[0])
    asking = after(now, queue, [(Many("school"), 0.1)] * 10 + [("learner", 0.3)])
    with queue.lock():
        asking.ask("learner")
        asking.ask(Many("school"))
        assert len(asking.refused) == 1
    asking.join()
    assert asking.order == ["school"]


def test_newcomers_who_ask_for_much_wait_for_the_others() -> None:
    now = [0.0]
    queue = ComputeQueue(60.0, clock=lambda: now[0])
    asking = after(now, queue, [(Many("flood"), 1.0)] * 5 + [("learner", 0.3)])
    with queue.lock():
        asking.ask(Many("flood"))
        asking.ask("learner")
    asking.join()
    assert asking.order == ["learner", "flood"]


def test_long_work_of_a_newcomer_counts_whole_however_often_it_gives_way() -> None:
    now = [0.0]
    queue = ComputeQueue(60.0, clock=lambda: now[0])
    asking = Asking(queue)

    def click() -> None:
        now[0] += 0.08

    token = CLIENT.set(Many("table"))
    with queue.lock():
        for part in range(1, 11):
            now[0] += 0.1
            asking.ask("learner", click)
            queue.yield_to_others()
            assert len(asking.order) == part
    CLIENT.reset(token)
    asking.join()


def test_the_more_are_refused_the_later_they_are_to_ask_again() -> None:
    now = [0.0]
    queue = ComputeQueue(60.0, most=2, clock=lambda: now[0])
    asking = after_turns(now, queue, 1.0)
    with queue.lock():
        for client in "abcdefghijklmno":
            asking.ask(client)
        waits = [busy.retry_after for busy in asking.refused]
        now[0] += 30 * HALF_LIFE  # those who were refused long ago have asked again
        asking.ask("p")
    assert waits == [2, 3, 4, 5, 6, 7, 8, 9, *[LONGEST_WAIT] * 5]
    assert asking.refused[-1].retry_after == 2
    asking.join()


def test_one_who_asks_too_often_delays_the_return_of_nobody_else() -> None:
    now = [0.0]
    queue = ComputeQueue(60.0, most=3, each=1, clock=lambda: now[0])
    asking = after_turns(now, queue, 0.5)
    with queue.lock():
        for client in ["often"] * 50 + ["a", "b", "c"]:
            asking.ask(client)
        assert {busy.retry_after for busy in asking.refused[:-1]} == {1}
        assert asking.refused[-1].retry_after == 2, "for the three who wait, half a second each"
    asking.join()


def test_one_who_is_refused_again_and_again_counts_once() -> None:
    now = [0.0]
    queue = ComputeQueue(60.0, most=2, clock=lambda: now[0])
    asking = after_turns(now, queue, 1.0)
    with queue.lock():
        for client in "ab" + 20 * "c":
            asking.ask(client)
        assert {busy.retry_after for busy in asking.refused} == {2}
        asking.ask("d")
        assert asking.refused[-1].retry_after == 3
    asking.join()


def test_who_waits_for_itself_does_not_wait() -> None:
    now = [0.0]
    queue = ComputeQueue(60.0, clock=lambda: now[0])
    asking = Asking(queue)
    CLIENT.set("heavy")
    with queue.lock():
        asking.ask("heavy")
        asking.ask("heavy")
        now[0] += 5.0
        assert queue.waited == 0.0
        asking.ask("other")
        now[0] += 5.0
        assert queue.waited == 5.0
    CLIENT.set(None)
    asking.join()
