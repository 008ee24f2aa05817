"""Saves metagraphs with the official SDK's own classes and reads them back with our program.

One file for each pickle protocol: Metagraph.save() as it is (the running Python's default), and its
state pickled with protocols 4 and 5. Says which values differ, if any.
"""

import argparse
import json
import os
import pathlib
import pickle
import subprocess
import sys

os.environ["BT_NO_PARSE_CLI_ARGS"] = "true"
os.environ["USE_TORCH"] = "0"

import numpy as np
import bittensor
from bittensor.core.chain_data import AxonInfo, NeuronInfoLite, PrometheusInfo
from bittensor.core.metagraph import Metagraph
from bittensor.utils.balance import Balance

BLOCK = 6_852_690


def neuron(uid, hotkey, coldkey):
    stake = Balance.from_rao(2**53 + uid)
    return NeuronInfoLite(
        hotkey=hotkey,
        coldkey=coldkey,
        uid=uid,
        netuid=1,
        active=uid % 2,
        stake=stake,
        stake_dict={coldkey: stake},
        total_stake=stake,
        emission=0.5,
        incentive=uid / 65_535,
        consensus=(65_535 - uid) / 65_535,
        validator_trust=0.0,
        dividends=1.0,
        last_update=BLOCK - uid,
        validator_permit=uid % 3 == 0,
        prometheus_info=PrometheusInfo(block=0, version=0, ip="0.0.0.0", port=0, ip_type=0),
        axon_info=AxonInfo(
            version=bittensor.__version_as_int__ if hasattr(bittensor, "__version_as_int__") else 10_000_000,
            ip="2606:4700::1111" if uid % 5 == 0 else f"203.0.113.{uid % 250 + 1}",
            port=65_535 - uid,
            ip_type=6 if uid % 5 == 0 else 4,
            hotkey=hotkey,
            coldkey=coldkey,
        ),
    )


def metagraph(count):
    saved = Metagraph(netuid=1, network="finney", sync=False)
    neurons = []
    for uid in range(count):
        keys = [
            bittensor.Keypair.create_from_seed((uid * 2 + which).to_bytes(32, "big").hex()).ss58_address
            for which in (0, 1)
        ]
        neurons.append(neuron(uid, *keys))
    saved.n = np.array(count, dtype=np.int64)
    saved.block = np.array(BLOCK, dtype=np.int64)
    saved.neurons = neurons
    saved.axons = [one.axon_info for one in neurons]
    saved.uids = np.array([one.uid for one in neurons], dtype=np.int64)
    saved.active = np.array([one.active for one in neurons], dtype=np.int64)
    saved.last_update = np.array([one.last_update for one in neurons], dtype=np.int64)
    saved.validator_permit = np.array([one.validator_permit for one in neurons], dtype=bool)
    for name in ("consensus", "incentive", "dividends", "validator_trust", "emission"):
        setattr(saved, name, np.array([getattr(one, name) for one in neurons], dtype=np.float32))
    saved.stake = np.array([one.uid * 1.5 for one in neurons], dtype=np.float32)
    saved.alpha_stake = saved.stake.copy()
    saved.tao_stake = np.zeros(count, dtype=np.float32)
    saved.weights = np.zeros((count, count), dtype=np.float32)
    saved.bonds = np.array([], dtype=np.float32)
    return saved


def differences(saved, snapshot):
    yield from ("network" for _ in range(snapshot["network"] != "finney"))
    yield from ("netuid" for _ in range(snapshot["netuid"] != 1))
    yield from ("block" for _ in range(snapshot["block"] != BLOCK))
    if len(snapshot["neurons"]) != len(saved.neurons):
        yield "neurons"
    for one, read in zip(saved.neurons, snapshot["neurons"]):
        wanted = {
            "uid": one.uid,
            "hotkey": one.hotkey,
            "coldkey": one.coldkey,
            "axon": {
                "ip": one.axon_info.ip,
                "ip_type": one.axon_info.ip_type,
                "port": one.axon_info.port,
                "version": one.axon_info.version,
                "block": 0,
            },
            "stake_rao": str(one.stake.rao),
            "active": bool(one.active),
            "validator_permit": one.validator_permit,
            "incentive": round(one.incentive * 65_535),
            "dividends": round(one.dividends * 65_535),
            "consensus": round(one.consensus * 65_535),
            "last_update": one.last_update,
            "total_stake_rao": str(int(one.uid * 15 * 10**8)),
        }
        for key in sorted(set(wanted) | set(read)):
            if wanted.get(key) != read.get(key):
                yield f"uid {one.uid}: {key} is {read.get(key)}, saved was {wanted.get(key)}"


def read_back(program, source, out):
    subprocess.run(
        [program, "snapshot", "import", str(source), "--out", str(out)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return json.loads(out.read_text())


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--folder", required=True, type=pathlib.Path)
    chosen = arguments.parse_args()
    saved = metagraph(256)
    saved.save(root_dir=[str(chosen.folder), "metagraphs"])
    subnet = chosen.folder / "metagraphs" / "network-finney" / "netuid-1"
    sources = [subnet]
    for protocol in (4, 5):
        file = chosen.folder / f"protocol-{protocol}.pt"
        file.write_bytes(pickle.dumps(saved.state_dict(), protocol=protocol))
        sources.append(file)
    bad = 0
    for source in sources:
        wrong = list(differences(saved, read_back(chosen.program, source, chosen.folder / "read.json")))
        bad += len(wrong)
        print(f"interop: {source.name}: {len(saved.neurons)} neurons, {len(wrong)} values differ")
        for line in wrong[:10]:
            print(f"interop:   {line}")
    print(f"interop: SDK {bittensor.__version__}, numpy {np.__version__}")
    sys.exit(1 if bad else 0)


main()
