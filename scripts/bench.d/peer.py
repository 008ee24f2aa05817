"""The official Dendrite in a process of its own, over the same axons; a line of JSON for each repetition.

Run as `peer.py SNAPSHOT SECONDS_TO_WAIT REPETITIONS`. What it looks up on web sites, its own address, is
a constant. Between repetitions its session stays, with the connections it keeps.
"""

import asyncio
import json
import resource
import sys
import time
import urllib.request
from typing import ClassVar, Optional

import bittensor as bt
from bittensor.utils import networking
from bittensor_wallet import Keypair


class Prompt(bt.Synapse):
    roles: list[str]
    messages: list[str]
    completion: Optional[str] = None
    required_hash_fields: ClassVar[tuple[str, ...]] = ("roles", "messages")


def axons(file: str) -> list[bt.AxonInfo]:
    with open(file, encoding="utf-8") as snapshot:
        return [
            bt.AxonInfo(
                version=10005000,
                ip=neuron["axon"]["ip"],
                port=neuron["axon"]["port"],
                ip_type=4,
                hotkey=neuron["hotkey"],
                coldkey=neuron["coldkey"],
            )
            for neuron in json.load(snapshot)["neurons"]
        ]


def peak_in_flight(port: int) -> int:
    """How many queries the axons had before them at once since this was asked last."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/peak") as answer:
        return int(answer.read())


async def main(file: str, timeout: float, repetitions: int) -> None:
    networking.get_external_ip = lambda: "127.0.0.254"
    targets = axons(file)
    peak_in_flight(targets[0].port)
    async with bt.Dendrite(wallet=Keypair.create_from_uri("//bench")) as dendrite:
        for _ in range(repetitions):
            wall, cpu = time.perf_counter(), time.process_time()
            answers = await dendrite.forward(
                targets, Prompt(roles=["user"], messages=["What is the time?"]), timeout=timeout, deserialize=False
            )
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            good = [(place, answer) for place, answer in enumerate(answers) if answer.is_success]
            print(
                json.dumps(
                    {
                        "targets": len(targets),
                        "ok": len(good),
                        "seconds": wall,
                        "cpu_seconds": cpu,
                        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                        "peak_in_flight": peak_in_flight(targets[0].port),
                        "times": [
                            [place, answer.dendrite.process_time, float(answer.axon.process_time)]
                            for place, answer in good
                        ],
                    }
                ),
                flush=True,
            )


asyncio.run(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
