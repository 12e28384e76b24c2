"""`python -m benchmarks`: measures Basin's speed claims, each beside its peer, in one run.

    python -m benchmarks                   all of them
    python -m benchmarks engine landscape  some: engine, training, studies, executors, landscape,
                                           turns, server, creating, history, page, frames, inside,
                                           load
    python -m benchmarks recipes           no claim: what the article's recipes do over 1,000 seeds
    python -m benchmarks papers            no claim: published results, measured again

Its environment is `.venv-benchmarks`, with PyTorch for the CPU. Everything is held to one thread.
The exit status is 1 when a claim is not kept.
"""

import argparse
import os
import subprocess
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from app import environment  # ends the program, with a word, where Python is too old

FOLDER = environment.ROOT / "benchmarks"
GROUPS = (
    "engine",
    "training",
    "studies",
    "executors",
    "landscape",
    "turns",
    "server",
    "creating",
    "history",
    "page",
    "frames",
    "inside",
    "load",
)
REPORTS = ("recipes", "papers")
"""What is measured when it is asked for, and promises nothing."""
TORCH = "2.13.0"


def main() -> int:
    """Measure what was asked for and print it; the exit status is 0 if every claim is kept."""
    groups = parser().parse_args().groups or list(GROUPS)
    environment.enter(
        "benchmarks",
        environment.ROOT / ".venv-benchmarks",
        [
            environment.ROOT / "requirements.txt",
            environment.ROOT / "requirements-dask.txt",
            FOLDER / "requirements.txt",
        ],
    )
    install_torch()
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"  # read by numpy and PyTorch when they are imported
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"  # … and by JAX

    from benchmarks.claim import Claim, table

    claims: list[Claim] = []
    for group in groups:
        print(f"measuring: {group} …", file=sys.stderr, flush=True)
        module = import_module(f"benchmarks.{group}")
        if group in REPORTS:
            print(module.report())
        else:
            claims += module.measure()
    if claims:
        print(table(claims))
    return 0 if all(claim.kept for claim in claims) else 1


def parser() -> argparse.ArgumentParser:
    """The words that `python -m benchmarks` understands."""
    summary, usage = (__doc__ or "").split("\n\n", 1)
    words = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=summary,
        epilog=usage,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words.add_argument("groups", nargs="*", type=group, help="what to measure")
    return words


def group(name: str) -> str:
    """A name that is one of the groups'."""
    if name not in GROUPS + REPORTS:
        known = ", ".join(GROUPS + REPORTS)
        raise argparse.ArgumentTypeError(f"{name!r} is none of {known}")
    return name


def install_torch() -> None:
    """Fetch PyTorch into the running environment, unless it is there."""
    try:
        if version("torch").split("+")[0] == TORCH:
            return
    except PackageNotFoundError:
        pass
    print("Installing PyTorch for the CPU (about 200 MB, once) ...", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--only-binary=:all:", "--retries=1", "-r", str(FOLDER / "torch.txt")]
    if subprocess.run([*pip, *options], check=False).returncode != 0:
        sys.exit(f"PyTorch could not be installed; {FOLDER / 'torch.txt'} says what to do.")


if __name__ == "__main__":
    sys.exit(main())
