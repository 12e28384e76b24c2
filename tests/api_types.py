"""The page's types of what the server answers, generated from the OpenAPI document.

`python -m tests.api_types` checks that tests/js/api.d.ts is what the document says now; with
`--write` it writes the file.
"""

import difflib
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from app.web.openapi import document
from tests import node

TYPES = node.JS / "api.d.ts"


def generated() -> str:
    """Return the types of the OpenAPI document as it is now; an exit where a tool fails."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "api.d.ts"
        source.write_text(json.dumps(document()), encoding="utf-8")
        run("openapi-typescript/bin/cli.js", str(source), "--output", str(target))
        run(
            "prettier/bin/prettier.cjs",
            "--config",
            f"{node.JS}/.prettierrc.json",
            "-w",
            str(target),
        )
        return target.read_text(encoding="utf-8")


def run(program: str, *arguments: str) -> None:
    """Run an installed package; exit with what it says where it fails."""
    command = node.package(program, *arguments)
    done = subprocess.run(command, capture_output=True, text=True, cwd=node.JS.parents[1])
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)


def main(arguments: list[str]) -> int:
    """Check the committed types, or write them; return the exit status."""
    types = generated()
    if "--write" in arguments:
        TYPES.write_text(types, encoding="utf-8")
        return 0
    committed = TYPES.read_text(encoding="utf-8")
    if committed == types:
        return 0
    lines = (committed.splitlines(), types.splitlines())
    print("\n".join(difflib.unified_diff(*lines, "tests/js/api.d.ts", "the document", n=1)))
    print("The OpenAPI document has changed: python -m tests --fix writes its types.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
