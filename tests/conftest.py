"""What holds for every test."""

import os

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by numpy when it is imported

# No test depends on how fast the machine is, and a run in CI can be repeated.
settings.register_profile("basin", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("basin")

SHARING = ("tests/browser/test_tour.py", "tests/browser/test_recovery.py")
"""Browser tests that share what is costly to make, and so stay with one worker."""


class FromBothEnds(LoadFileScheduling):  # type: ignore[misc]
    """Browser tests for half of the workers, all others for the rest, until one side has none left.

    The queue is sorted by file, tests/browser first. The first half takes from its beginning, the
    others from its end, so that browsers run beside the Python tests, which use what they leave of
    the processor; whoever is through helps the others. Browser tests are handed out one by one, but
    for those that share what was seen on a walk. (xdist's own groups do not work with pytest 9.2:
    they rename tests, and it no longer takes the name.)
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        alone = file.startswith("tests/browser/") and file not in SHARING
        return nodeid if alone else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        if 2 * int(node.gateway.id.removeprefix("gw")) >= self.numnodes:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FromBothEnds:
    """Return what decides which worker runs what."""
    return FromBothEnds(config, log)
