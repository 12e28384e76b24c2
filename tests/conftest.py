"""What holds for every test."""

import os

from hypothesis import settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by numpy when it is imported

# No test depends on how fast the machine is, and a run in CI can be repeated.
settings.register_profile("basin", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("basin")
