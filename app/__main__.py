"""`python -m app`: sets itself up on first use, serves Basin on this computer, opens a browser."""

import argparse
import errno
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app import environment  # ends the program, with a word, where Python is too old

if TYPE_CHECKING:
    from collections.abc import Iterable

THREADS = 64
TRIES = 50
WELL, NOT_WELL, NOT_DONE = 0, 1, 2
"""How a command ends: all is well; it was done, and something is to be looked at; it was not."""
STATUS = """
exit status of a command: 0 where all is well; 1 where backup or check finds damage, grade something
that does not replay, or where what came of it cannot be printed; 2 where it could not be done
"""


def main() -> None:
    """Set up if need be, then serve until Ctrl+C or SIGTERM."""
    words = parser()
    options = words.parse_args()
    if (options.file is None) != (options.command in (None, "check")):
        words.error("name one file behind backup or restore, a folder behind grade, and none else")
    root = environment.ROOT
    requirements = [root / "requirements.txt"]
    if os.environ.get("PLAYGROUND_STUDIES", "").startswith("dask://"):
        requirements.append(root / "requirements-dask.txt")
    if os.environ.get("PLAYGROUND_STORE", "").startswith(("redis://", "rediss://", "unix://")):
        requirements.append(root / "requirements-redis.txt")
    if os.environ.get("PLAYGROUND_METRICS"):
        requirements.append(root / "requirements-metrics.txt")
    environment.enter("app", root / ".venv", requirements)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by numpy when it is imported
    if sys.stdout is not None:  # a terminal may know no Chinese letter, and no name need be UTF-8
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if options.command is not None:
        sys.exit(run(options))
    listener = listen(options.host, options.port)
    serve(listener, open_browser=options.browser)


def parser() -> argparse.ArgumentParser:
    """Return the words that `python -m app` understands."""
    words = argparse.ArgumentParser(
        prog="python -m app", description="Serve Basin here.", epilog=STATUS
    )
    words.add_argument(
        "--host", default="127.0.0.1", type=host, help="address to serve on (%(default)s)"
    )
    words.add_argument(
        "--port", default=8000, type=port, help="port to serve on (%(default)s; 0 takes a free one)"
    )
    words.add_argument(
        "--no-browser", dest="browser", action="store_false", help="do not open the browser"
    )
    words.add_argument(
        "command",
        nargs="?",
        choices=["backup", "restore", "check", "grade"],
        help="copy the store to a file, put one back, check the store, or grade what a class"
        " handed in, instead of serving",
    )
    words.add_argument(
        "file", nargs="?", type=named, help="the file of a backup, or the folder of hand-ins"
    )
    of_grade = words.add_argument_group("grade")
    of_grade.add_argument(
        "--csv", metavar="FILE", type=named, help="write the table there; else it is printed"
    )
    of_grade.add_argument(
        "--page",
        metavar="FILE",
        type=named,
        default="grades.html",
        help="write the page there (%(default)s)",
    )
    of_grade.add_argument(
        "--lesson",
        metavar="FILE",
        type=named,
        action="append",
        default=[],
        help="a lesson file of the class",
    )
    of_grade.add_argument(
        *("--language", "--lang"),
        dest="language",
        choices=["en", "zh-CN"],
        help="of the page and of reasons in the table; else that of most hand-ins",
    )
    return words


def run(options: argparse.Namespace) -> int:
    """Do what a command asks for, and print what came of it; the exit status."""
    from app.errors import BasinError

    try:
        if options.command == "grade":
            status, text = grade(options)
        else:
            status, text = keep_up(options.command, options.file)
    except (BasinError, OSError) as error:
        tell(f"Basin cannot do this: {error}")
        return NOT_DONE
    except KeyboardInterrupt:
        tell("\nStopped.")
        return NOT_DONE
    return status if say(text) else NOT_WELL


def grade(options: argparse.Namespace) -> tuple[int, str]:
    """Grade the hand-ins of a folder; the exit status, and the table where it is to be printed.

    Raises BasinError and OSError.
    """
    from app.errors import BasinError
    from app.grade import command
    from app.grade.hand_in import NoHandIn

    page = Path(options.page)
    try:
        graded = command.grade(
            Path(options.file),
            table=Path(options.csv) if options.csv else None,
            page=page,
            lessons=[Path(name) for name in options.lesson],
            language=options.language,
            out=sys.stdout,
        )
    except NoHandIn as error:
        raise BasinError(str(error)) from None
    tell(f"The page of the class is {page}.")
    return graded


def keep_up(command: str, file: str | None) -> tuple[int, str]:
    """Copy, put back or check the store that the settings name; exit status and what to print.

    Raises BasinError and OSError.
    """
    from app.config import Settings
    from app.store.upkeep import upkeep_of

    settings = Settings.from_environment()
    with upkeep_of(settings.store, settings.lifetime) as store:
        if command == "check":
            found = store.check()
            counts = f"{found.experiments} experiments, {found.chunks} chunks, {found.bytes} bytes"
            lines = [f"{store.place}: schema {found.schema}, {counts}", *found.notes]
            lines += found.problems or ["Nothing is wrong."]
            return NOT_WELL if found.problems else WELL, lined(lines)
        if command == "backup":
            copied = store.backup(Path(str(file)))
            said = f"{copied.experiments} experiments are copied to {file}."
            return NOT_WELL if copied.problems else WELL, lined([said, *copied.problems])
        copied = store.restore(Path(str(file)))
        said = f"{copied.experiments} experiments are put back to {store.place}."
        return WELL, lined([said, *copied.problems])


def lined(lines: "Iterable[str]") -> str:
    """Return a text of lines."""
    return "".join(f"{line}\n" for line in lines)


def say(text: str) -> bool:
    """Print a text at once; tell why, and return False, where it cannot be written.

    A pipe whose reader has seen enough, as `head` has, is no failure.
    """
    try:
        if sys.stdout is not None:
            sys.stdout.write(text)
            sys.stdout.flush()
    except OSError as error:
        # What is still to be written would fail again as Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        closed = errno.EINVAL if sys.platform == "win32" else errno.EPIPE
        if error.errno != closed:
            tell(f"What came of it cannot be printed: {error.strerror or error}")
            return False
    return True


def tell(text: str) -> None:
    """Print a text on standard error, where that can be written."""
    with suppress(OSError):
        if sys.stderr is not None:
            print(text, file=sys.stderr, flush=True)


def named(text: str) -> str:
    """Return the name of a file or folder; ArgumentTypeError for none, as of an unset variable."""
    if not text:
        raise argparse.ArgumentTypeError("an empty name is no file and no folder")
    return text


def host(text: str) -> str:
    """Return an address or a name; ArgumentTypeError where no name of a host is written so."""
    try:
        text.encode("idna")
    except UnicodeError:
        raise argparse.ArgumentTypeError(
            f"it must be an address or a name, as 127.0.0.1 or localhost, not {text!r}"
        ) from None
    return text


def port(text: str) -> int:
    """Return the port that `text` names; ValueError or ArgumentTypeError when it names none."""
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"a port is between 0 and 65535, not {number}")
    return number


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; exit with a message if it cannot be had."""
    try:
        return listener_on(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            free = free_port_after(host, port)
            sys.exit(
                f"Port {port} is already in use, perhaps by another Basin"
                f" (look at {url_of(host, port)}).\n"
                f"Start this one on another port, for example: python -m app --port {free}"
            )
        if error.errno == errno.EACCES:
            sys.exit(f"Port {port} may not be used by this user. Try: python -m app --port 8000")
        sys.exit(f"Basin cannot serve on {host}: {error.strerror or error}")


def listener_on(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; OSError if it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=128)


def free_port_after(host: str, port: int) -> int:
    """Return the next port that is free, or 0, which stands for any."""
    for candidate in range(port + 1, min(port + TRIES, 65535) + 1):
        try:
            listener_on(host, candidate).close()
        except OSError:
            continue
        return candidate
    return 0


def url_of(host: str, port: int) -> str:
    """Return the address to open on this computer."""
    name = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def serve(listener: socket.socket, *, open_browser: bool) -> None:
    """Answer requests on `listener` until told to stop."""
    from app import create_app
    from app.errors import BasinError
    from app.web.server import Server, end_soon

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
    try:
        application = create_app()
    except BasinError as error:
        sys.exit(f"Basin cannot start: {error}")
    most = application.config["MAX_CONTENT_LENGTH"]
    server = Server(application, [listener], threads=THREADS, body_bytes=most)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        url = url_of(*listener.getsockname()[:2])
        say(f"Basin is at {url}\nCtrl+C stops it.\n")
        if open_browser and can_show_a_browser():
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        server.serve(lambda: False)
    except KeyboardInterrupt:
        pass  # told to stop, perhaps before the loop had begun
    end_soon()
    server.close()
    say("\nStopped.\n")


def stop(number: int, frame: object) -> None:
    """End the server's loop; a second signal while it ends changes nothing."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def can_show_a_browser() -> bool:
    """Tell whether there is a screen; without one, a browser would take over the terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # before the server had come up
        sys.exit("\nStopped.")
