"""A process that saves without end, and says so each time: `python -m tests.store.writer URL ID`.

With a number as third argument it stops after so many saves. Whoever is first creates the
experiment, and a save that came second is tried again, so several can write to one experiment.
"""

import sys
from contextlib import closing, suppress
from datetime import timedelta

from app.errors import Conflict, StaleVersion
from app.store import Chunk, Record, open_store

STATE = bytes(30_000)


def main(url: str, id: str, saves: str = "1000000") -> None:
    with closing(open_store(url, lifetime=timedelta(days=1))) as store:
        with suppress(Conflict):
            store.create(Record(id, 1, b"1", STATE), Chunk(0, 0, b""))
        done = 0
        while done < int(saves):
            version = store.load(id).version + 1
            body = str(version).encode()
            try:
                store.save(Record(id, version, body, STATE), Chunk(version, version, body * 1000))
            except StaleVersion:
                continue
            done += 1
            print(version, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
