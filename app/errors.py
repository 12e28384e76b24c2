"""The few errors there are.

    BasinError
    ├── BadSetting           the operator's configuration cannot be used
    ├── StoreUnavailable     the store cannot answer
    │   └── StoreFull        it has no room for more; what it has can be read and deleted
    ├── TooLarge             the store keeps no more of one experiment
    ├── InvalidInput         what was asked cannot be done; names every bad field
    ├── ExecutorUnavailable  the processes that train studies cannot be reached
    ├── ReadOnly             under this id an experiment may be looked at only
    ├── UnknownExperiment    no experiment has this id (any more)
    │   └── DamagedExperiment  what is left of it cannot be read
    ├── UnknownStudy         no study has this id (any more)
    ├── UnknownLesson        no built-in lesson has this id
    ├── UnknownMystery       no mystery has this id (any more)
    ├── Sealed               would tell what a mystery hides, which is not revealed yet
    ├── Conflict             something else was there first
    │   ├── StaleVersion     the experiment has moved on since the caller read it
    │   └── Superseded       a newer request for the same picture took its place
    ├── QuotaFull          as much is kept as may be kept here
    ├── DiskLow            no more is kept, so that the disk has some room left
    └── Busy                 no time to compute this now; ask again
        ├── LineFull         too many studies wait
        │   └── LineUsed     too many studies of one client wait
        └── QuotaUsed        a client has made as much in the last hour as it may

`app.web.problems` turns them into answers; nothing else knows about HTTP.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class BasinError(Exception):
    """Whatever Basin itself raises."""


class BadSetting(BasinError):
    """A setting of the server cannot be used; the message names it and the value received."""


class StoreUnavailable(BasinError):
    """The store cannot answer."""


class StoreFull(StoreUnavailable):
    """The store has no room for more; what it has can be read and deleted."""


class TooLarge(BasinError):
    """The store keeps at most `limit` bytes of the history of one experiment."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the history of one experiment takes at most {limit} bytes here")
        self.limit = limit


class ExecutorUnavailable(BasinError):
    """The processes that train studies cannot be reached; the message says where they should be."""


@dataclass(frozen=True)
class FieldError:
    """One bad field of an input.

    `pointer` is a JSON pointer into the body, or `/name` for a query parameter (`where`="query").
    `code` names the rule that was broken, `allowed` what would have been right, and `detail` says
    both in English.
    """

    pointer: str
    code: str
    detail: str
    allowed: Mapping[str, Any] = field(default_factory=dict)
    received: Any = None
    where: str = "body"


NAMED_FIELDS = 50
"""So many bad fields are named in one error; of the others it says how many they are."""


class InvalidInput(BasinError):
    """What was asked cannot be done; `errors` names bad fields and the values they may take.

    Of `count` bad fields (left out, as many as `errors`) the first are named; there are `more`.
    """

    def __init__(self, errors: Sequence[FieldError], count: int | None = None) -> None:
        self.errors = tuple(errors[:NAMED_FIELDS])
        self.more = (len(errors) if count is None else count) - len(self.errors)
        said = [f"{error.pointer or '/'}: {error.detail}" for error in self.errors]
        super().__init__("; ".join([*said, f"and {self.more} more"] if self.more else said))


class ReadOnly(BasinError):
    """Under this id an experiment may be looked at, and not changed."""

    def __init__(self, id: str) -> None:
        super().__init__("this experiment may only be looked at: branch off for one of your own")
        self.id = id


class UnknownExperiment(BasinError):
    """No experiment has this id: it never existed, was deleted, or has expired."""

    def __init__(self, id: str) -> None:
        super().__init__(f"there is no experiment {id!r}")
        self.id = id


class DamagedExperiment(UnknownExperiment):
    """What the store has under this id is no record that Basin wrote: it is as good as gone."""


class UnknownStudy(BasinError):
    """No study has this id: it never existed, was deleted, or has expired."""

    def __init__(self, id: str) -> None:
        super().__init__(f"there is no study {id!r}")
        self.id = id


class DamagedStudy(BasinError):
    """Numbers of a study are not those that were stored, or are gone."""

    def __init__(self, id: str, detail: str) -> None:
        super().__init__(f"study {id!r} is damaged: {detail}")
        self.id = id


class UnknownLesson(BasinError):
    """No built-in lesson has this id."""

    def __init__(self, id: str) -> None:
        super().__init__(f"there is no lesson {id!r}")
        self.id = id


class UnknownMystery(BasinError):
    """No mystery has this id: it never existed, or has expired."""

    def __init__(self, id: str) -> None:
        super().__init__(f"there is no mystery {id!r}")
        self.id = id


class Sealed(BasinError):
    """The answer would tell what a mystery hides; `step` is from when on it may be revealed."""

    def __init__(self, detail: str, step: int | None = None) -> None:
        super().__init__(detail)
        self.step = step


class Conflict(BasinError):
    """Something else was there first."""


class StaleVersion(Conflict):
    """The experiment has moved on since the caller read it."""

    def __init__(self, expected: int, current: int) -> None:
        super().__init__(f"version {expected} is stale, the experiment is at version {current}")
        self.expected = expected
        self.current = current


class Superseded(Conflict):
    """A newer request for the same picture took the place of this one, which still waited."""

    def __init__(self) -> None:
        super().__init__("a newer picture of this view was asked for meanwhile")


class Busy(BasinError):
    """No time to compute this now; ask again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"the server is busy, ask again in {retry_after} s")
        self.retry_after = retry_after


class QuotaFull(BasinError):
    """As much is kept as the operator allows: `most` of `what`."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(
            f"this server keeps at most {most} {what}: delete experiments that are not needed,"
            " or wait until unused ones expire"
        )
        self.what = what
        self.most = most


class DiskLow(BasinError):
    """The disk has less than `least` bytes left, which are not for more experiments."""

    def __init__(self, least: int) -> None:
        super().__init__(
            f"the disk of this server has less than {least} bytes left: delete experiments that are"
            " not needed, or make room on it"
        )
        self.least = least


class QuotaUsed(Busy):
    """A client has made `most` of `what` in the last hour, which is all that it may."""

    def __init__(self, what: str, most: int, retry_after: int) -> None:
        BasinError.__init__(self, f"at most {most} {what} in an hour; ask again in {retry_after} s")
        self.what = what
        self.most = most
        self.retry_after = retry_after


class LineFull(Busy):
    """As many studies as there may be, `most`, are trained or wait."""

    def __init__(self, most: int, retry_after: int) -> None:
        BasinError.__init__(self, f"as many studies are trained or wait as there may be: {most}")
        self.most = most
        self.retry_after = retry_after


class LineUsed(LineFull):
    """As many studies of one client as there may be, `most`, are trained or wait."""

    def __init__(self, most: int, retry_after: int) -> None:
        BasinError.__init__(self, f"at most {most} studies of one address are trained or wait")
        self.most = most
        self.retry_after = retry_after
