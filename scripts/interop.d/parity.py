"""Every public name of the SDK's dendrite and synapse stands in docs/dendrite-parity.md."""

import re
import sys
from pathlib import Path

import pydantic

# Of a name with underscores in front only these are told of; the others are Python's machinery.
TOLD = {
    "__call__", "__aenter__", "__aexit__", "__del__", "__str__", "__repr__",
    "_get_endpoint_url", "_log_incoming_response", "_log_outgoing_request",
}  # fmt: skip
OBJECTS = ("uuid", "external_ip", "keypair", "synapse_history")


def missing(table: Path) -> list[str]:
    """The names of the installed SDK that the tables' first column lacks."""
    import bittensor

    told: set[str] = set()
    for line in table.read_text(encoding="utf-8").splitlines():
        if line.startswith("| "):
            told.update(re.findall(r"`(?:module )?([A-Za-z_]+)[`(]", line.split("|")[1]))
    wanted = set(OBJECTS)
    wanted |= {name for name in dir(bittensor.Dendrite) if not name.startswith("_") or name in TOLD}
    inherited = set(dir(pydantic.BaseModel))
    for model in (bittensor.Synapse, bittensor.StreamingSynapse):
        wanted |= {name for name in dir(model) if not name.startswith("_") and name not in inherited}
        wanted |= set(model.model_fields)
    return sorted(wanted - told)


if __name__ == "__main__":
    lacking = missing(Path(sys.argv[1]))
    if lacking:
        sys.exit(f"parity: not in {sys.argv[1]}: {', '.join(lacking)}")
    print("parity: every public name of the SDK's dendrite and synapse stands in the tables")
