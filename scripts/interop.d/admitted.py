"""The differences docs/dendrite-parity.md admits, by the id that begins each row of its table."""

import re
from pathlib import Path

HEADING = "## Differences found side by side"
ROW = re.compile(r"\| `([a-z0-9-]+/[a-z0-9_./-]+)` \|[^|]+\|[^|]+\|[^|]+\|")


def ids(document: Path) -> set[str]:
    text = document.read_text(encoding="utf-8")
    if HEADING not in text:
        raise SystemExit(f'interop: {document} has no section "{HEADING[3:]}"')
    section = re.split(r"\n## ", text.split(HEADING, 1)[1])[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    found = [m.group(1) for row in rows if (m := ROW.fullmatch(row))]
    if len(found) != len(rows) or len(set(found)) != len(found):
        raise SystemExit(f"interop: {document}: each row begins with an id of its own and has both sides and a reason")
    return set(found)
