"""The files Axonometer is given: snapshots and jobs."""

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import synapses

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
    job = {
        "description": f"Asks axons of the official SDK a {probe.synapse.__name__}.",
        "network": NETWORK,
        "netuid": NETUID,
        "snapshot": {"file": str(snapshot)},
        "wallet": {"path": str(wallets), "name": "validator", "hotkey": "default"},
        "synapse": probe.job_synapse(),
        "select": {"allow-addresses": ["127.0.0.0/8"]},
        "ask": {"timeout": "10s", "concurrency": 4, "partitions": 2, "round-deadline": "60s"},
        "score": {"fields": {"answer": f"/{probe.answer}"}},
    }
    file = folder / f"{name}.yaml"
    file.write_text("".join(f"{key}: {yaml(value)}\n" for key, value in job.items()), encoding="utf-8")
    return file


def yaml(value: Any) -> str:
    """JSON, which is YAML once invisible characters are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
