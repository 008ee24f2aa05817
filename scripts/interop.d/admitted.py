"""The differences docs/dendrite-parity.md admits, by the id that begins each row of its table."""

import re
from pathlib import Path

HEADING = "## Differences found side by side"
ROW = re.compile(r"\| `([a-z0-9-]+/[a-z0-9_./-]+)` \|")


def ids(document: Path) -> set[str]:
    text = document.read_text(encoding="utf-8")
    if HEADING not in text:
        raise SystemExit(f'interop: {document} has no section "{HEADING[3:]}"')
    section = re.split(r"\n## ", text.split(HEADING, 1)[1])[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    found = [m.group(1) for row in rows if (m := ROW.match(row))]
    if len(found) != len(rows) or len(set(found)) != len(found):
        raise SystemExit(f"interop: {document}: each row of the table begins with one id of its own")
    return set(found)
