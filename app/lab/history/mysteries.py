"""Mysteries in the store, beside the experiments, under ids that no call for one can name.

An experiment that is made of a mystery holds all of it, so that it can be read for as long as it
is used itself, by every server of the store.
"""

import json
from logging import getLogger

from app.errors import UnknownExperiment, UnknownMystery
from app.lab.history.repair import DAMAGE
from app.lab.spec.mystery import Mystery, dumps, loads
from app.store.base import Chunk, Record, Store
from app.store.seal import seal_beside

PREFIX = "mystery/"
"""Of a mystery's id in the store; the path of a request cannot hold the slash."""
_log = getLogger(__name__)


class MysteryRepository:
    """Keeps mysteries. Every method may raise StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, mystery: Mystery) -> None:
        """Keep a new mystery. Raises Conflict when its id is taken."""
        text = json.dumps(dumps(mystery), allow_nan=False).encode()
        record = Record(PREFIX + mystery.id, 1, text, seal_beside(text))
        self._store.create(record, Chunk(0, 0, b""))

    def load(self, id: str) -> Mystery:
        """A mystery, which counts as a use of it. Raises UnknownMystery, of a damaged one too."""
        try:
            record = self._store.load(PREFIX + id)
            if record.state not in (b"", seal_beside(record.body)):  # earlier versions had none
                raise ValueError("it is not what was stored")
            return loads(json.loads(record.body))
        except UnknownExperiment:
            raise UnknownMystery(id) from None
        except DAMAGE as error:
            _log.error("mystery %s is lost: its record is damaged (%s)", id, error)
            raise UnknownMystery(id) from error
