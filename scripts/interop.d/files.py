"""The files Axonometer is given: snapshots and jobs."""

import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import synapses

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import synapse_to_yaml  # noqa: E402

NETWORK = "interop"
NETUID = 1


def write_snapshot(file: Path, neurons: list[dict[str, Any]]) -> None:
    snapshot = {
        "format": "axonometer-snapshot",
        "version": 1,
        "network": NETWORK,
        "netuid": NETUID,
        "block": 1,
        "taken_at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "neurons": neurons,
    }
    file.write_text(json.dumps(snapshot), encoding="utf-8")


def write_job(folder: Path, name: str, probe: synapses.Probe, snapshot: Path, wallets: Path) -> Path:
    """A job whose synapse block is what scripts/synapse_to_yaml.py makes of the class."""
    job = {
        "description": f"Asks axons of the official SDK a {probe.synapse.__name__}.",
        "network": NETWORK,
        "netuid": NETUID,
        "snapshot": {"file": str(snapshot)},
        "wallet": {"path": str(wallets), "name": "validator", "hotkey": "default"},
        "select": {"allow-addresses": ["127.0.0.0/8", "::1/128"]},
        "ask": {"timeout": "10s", "concurrency": 4, "partitions": 2, "round-deadline": "60s"},
        "score": {"fields": {"answer": f"/{probe.answer}"}},
    }
    block = synapse_to_yaml.block_of(probe.synapse, answered={probe.answer}, values=probe.values)
    lines = [f"{key}: {synapse_to_yaml.yaml(value)}" for key, value in job.items()]
    file = folder / f"{name}.yaml"
    file.write_text("\n".join([*lines, synapse_to_yaml.text_of(block), ""]), encoding="utf-8")
    return file


def write_synapse(folder: Path, name: str, probe: synapses.Probe) -> Path:
    """The block alone."""
    block = synapse_to_yaml.block_of(probe.synapse, answered={probe.answer}, values=probe.values)
    file = folder / f"{name}.yaml"
    file.write_text(synapse_to_yaml.text_of(block) + "\n", encoding="utf-8")
    return file
