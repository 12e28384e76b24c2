"""The executor that an operator's setting names."""

from urllib.parse import urlsplit

from app.errors import BadSetting, ExecutorUnavailable
from app.lab.study.dask_executor import DaskExecutor
from app.lab.study.executor import BlockExecutor, ProcessExecutor, usual_processes

DASK = "dask://"


def executor_of(setting: str, processes: int | None = None) -> BlockExecutor:
    """The executor that a setting names: `processes`, or `dask://host:port`.

    Raises BadSetting for another one, and where no scheduler answers.
    """
    if setting == "processes":
        return ProcessExecutor(processes or usual_processes())
    address = setting.removeprefix(DASK)
    if address == setting or not _is_address(address):
        raise BadSetting(
            "PLAYGROUND_STUDIES must be `processes` or a scheduler, as in dask://host:8786, not"
            f" {setting[:200]!r}"
        )
    executor = DaskExecutor(f"tcp://{address}")
    try:
        executor.check()
    except ExecutorUnavailable as error:
        raise BadSetting(str(error)) from None
    return executor


def _is_address(text: str) -> bool:
    """Whether it names a host and a port."""
    try:
        parts = urlsplit(f"//{text}")
        return bool(parts.hostname and parts.port and parts.netloc == text)
    except ValueError:
        return False
