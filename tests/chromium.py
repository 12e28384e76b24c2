"""Where the browser tests find a Chromium, or fetch one from Debian's packages."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "PLAYGROUND_BROWSER"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": tuple(
        rf"{folder}\{program}"
        for folder in (r"C:\Program Files", r"C:\Program Files (x86)", r"~\AppData\Local")
        for program in (
            r"Google\Chrome\Application\chrome.exe",
            r"Chromium\Application\chrome.exe",
            r"Microsoft\Edge\Application\msedge.exe",
        )
    ),
}
ADVICE = (
    "The browser tests need Chromium, Chrome or Edge, and none was found.\n"
    f"Install one, or name it: {VARIABLE}=/path/to/browser"
)
FLAGS = (  # draws WebGL in software, asks nothing of the network, needs no sandbox of its own
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",  # in software, the page itself is put together faster without
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class Missing(Exception):
    """No browser, and no way to get one; the message says what to do."""


def find(variables: Mapping[str, str] = os.environ) -> Path:
    """Return the browser that PLAYGROUND_BROWSER names, else one that is installed."""
    named = variables.get(VARIABLE)
    if named:
        if not Path(named).is_file():
            raise Missing(f"{VARIABLE} names {named}, which is not there.")
        return Path(named)
    for name in NAMES:
        if found := shutil.which(name, path=variables.get("PATH")):
            return Path(found)
    for place in PLACES.get(sys.platform, ()):
        if (path := Path(place).expanduser()).is_file():
            return path
    raise Missing(ADVICE)


def find_or_install() -> Path:
    """Return an installed browser; where there is none, install Debian's as root."""
    try:
        return find()
    except Missing:
        if VARIABLE in os.environ or (root := as_root()) is None or not shutil.which("apt-get"):
            raise
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    for arguments in (["update"], ["install", "--no-install-recommends", "chromium"]):
        done = subprocess.run([*apt, *arguments], stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode != 0:
            words = done.stderr.decode(errors="replace").strip()
            raise Missing(f"{ADVICE}\napt-get {arguments[0]} failed:\n{words}")
    return find()


def as_root() -> list[str] | None:
    """Return the words before a command that has to run as root, or None if we may not."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if not shutil.which("sudo"):
        return None
    return sudo if subprocess.run([*sudo, "true"], capture_output=True).returncode == 0 else None


if __name__ == "__main__":
    try:
        print(find_or_install())
    except Missing as error:
        sys.exit(str(error))
