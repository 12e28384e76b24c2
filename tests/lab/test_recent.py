"""Caches keep what was used last."""

from app.lab.recent import Recent


def test_what_was_unused_for_longest_is_dropped_first() -> None:
    recent: Recent[int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert [recent.get(key) for key in "abc"] == [1, None, 3]


def test_to_put_again_is_to_use() -> None:
    recent: Recent[int] = Recent(2)
    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        recent.put(key, value)
    assert [recent.get(key) for key in "abc"] == [3, None, 4]


def test_what_is_dropped_is_gone_and_may_be_dropped_twice() -> None:
    recent: Recent[int] = Recent(2)
    recent.put("a", 1)
    recent.drop("a")
    recent.drop("a")
    assert recent.get("a") is None


def test_all_together_take_no_more_bytes_than_they_may() -> None:
    recent: Recent[bytes] = Recent(100, len, 10)
    for key, value in (("a", b"1234"), ("b", b"1234"), ("a", b"12"), ("c", b"1234")):
        recent.put(key, value)
    assert [recent.get(key) for key in "abc"] == [b"12", b"1234", b"1234"]
    recent.put("d", b"1")
    assert [recent.get(key) for key in "abcd"] == [None, b"1234", b"1234", b"1"]
    recent.put("e", b"12345678901234")  # larger than all together: the newest stays, alone
    assert [recent.get(key) is None for key in "bcde"] == [True, True, True, False]
