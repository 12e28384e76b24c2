"""What holds for every test."""

import os

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by numpy when it is imported

# No test depends on how fast the machine is, and a run in CI can be repeated.
settings.register_profile("basin", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("basin")


class OneBrowser(LoadFileScheduling):  # type: ignore[misc]
    """All tests of the browser to one worker, all others, file by file, to whichever is free.

    Two browsers at once would only take the processor from each other, while the Python tests fill
    what one browser leaves. (xdist's own groups come to nothing with pytest 9.2: they rename tests,
    and it no longer takes the name.)
    """

    def _split_scope(self, nodeid: str) -> str:
        browser = "tests/browser/"
        return browser if nodeid.startswith(browser) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneBrowser:
    """Tell xdist which worker runs what."""
    return OneBrowser(config, log)
