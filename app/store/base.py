"""What every store of experiments promises, whatever it is built on.

An experiment is kept as one small record, its present state, which is replaced on every save, and
a history of chunks, which is only ever appended to or cut off at a step. Versions make two
writers of the same experiment notice each other: whoever comes second is told so.

Bodies are JSON, states and chunks are raw arrays; a store never looks inside.
Every implementation may be used by many threads and many processes at once.
"""

from abc import ABC, abstractmethod
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Waiting:
    """How many seconds a request has waited for a store elsewhere, with all that it asked."""

    seconds: float = 0.0


WAITING: ContextVar[Waiting | None] = ContextVar("waiting", default=None)
"""Of the request that is answered; None for what nobody waits for, as a study that is trained."""


@dataclass(frozen=True)
class Record:
    """The present state of one experiment: small, replaced on every save.

    `version` is 1 when created and one more on every save.
    """

    id: str
    version: int
    body: bytes
    state: bytes


@dataclass(frozen=True)
class Chunk:
    """A stretch of history: what happened at the steps from `first` to `last`, both included."""

    first: int
    last: int
    data: bytes

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a chunk cannot end at {self.last} when it begins at {self.first}")


@dataclass(frozen=True)
class Usage:
    """How many experiments a store keeps, and how many bytes it takes.

    `disk_bytes` and `disk_free` are of the disk on which it lies, None where this server sees none.
    """

    experiments: int
    bytes: int
    disk_bytes: int | None = None
    disk_free: int | None = None


class Store(ABC):
    """Keeps experiments until they are deleted, or unused for longer than the store's lifetime.

    An experiment is used when it is created, saved or loaded. It stays at least for the lifetime
    after that, and may stay a little longer, because not every read is worth a write; once
    expired it is unknown, as if it had been deleted.

    `failures` counts how often it could not answer, in stores that count.

    Every method may raise `StoreUnavailable`; then nothing was changed, or, when a connection
    broke during a commit, everything was.
    """

    failures = 0

    @abstractmethod
    def create(self, record: Record, chunk: Chunk) -> None:
        """Keep a new experiment, with the first chunk of its history.

        Raises `Conflict` when the id is taken, `ValueError` when the version is not 1.
        """

    @abstractmethod
    def copy(self, source: str, record: Record, last: int) -> int:
        """Keep a new experiment whose history is that of another, `source`, so far.

        It has the chunks of the source that begin at `last` or before, and from then on its own;
        the source stays as it is. This does not count as a use of it. Returns how many bytes these
        chunks have.

        Raises `UnknownExperiment` for the source, and otherwise what `create` does.
        """

    @abstractmethod
    def load(self, id: str) -> Record:
        """The present state of an experiment. Raises `UnknownExperiment`."""

    @abstractmethod
    def save(self, record: Record, *chunks: Chunk, keep_until: int | None = None) -> None:
        """Replace the record, cut the history, append to it: all of this, or nothing.

        `keep_until` drops every chunk that begins after this step; one that begins before it and
        ends after it stays whole, and what is appended later overrides its end.

        Raises `StaleVersion` unless the version is the kept one plus 1, and `UnknownExperiment`
        when there is nothing to replace.
        """

    @abstractmethod
    def chunks(self, id: str, first: int = 0, last: int | None = None) -> list[Chunk]:
        """The chunks with a step in [first, last], in the order in which they were appended.

        Where two overlap, the later one counts. Without `last`, to the end of the history. This
        does not count as a use. Raises `UnknownExperiment`.
        """

    @abstractmethod
    def delete(self, id: str) -> None:
        """Forget an experiment and its history. Raises `UnknownExperiment`."""

    @abstractmethod
    def expire(self) -> int:
        """Remove what has expired; how many experiments that were.

        Stores also do this by themselves now and then, so calling it is never necessary.
        """

    @abstractmethod
    def check(self) -> None:
        """Do nothing, or raise `StoreUnavailable` when the store cannot answer."""

    @abstractmethod
    def check_writable(self) -> None:
        """Write something that changes nothing; raises `StoreUnavailable` when that fails."""

    @abstractmethod
    def now(self) -> float:
        """The time of this store in seconds, which is the same for all servers that use it.

        The servers' clocks do not count: one that is wrong, or set anew, leaves it as it is. It
        begins anywhere, so only differences mean something. It may jump, back too, where the
        computer that keeps the store starts anew, is another one, or, for a Redis, has its clock
        set.
        """

    def usage(self) -> Usage | None:
        """How much is kept, about; None where a store does not know."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Let go of files and connections. Afterwards every other method is unavailable."""
