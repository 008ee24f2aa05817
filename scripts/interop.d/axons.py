"""Axons of the official SDK on loopback: real wallets, real sr25519, the default verification."""

import socket
import time
from pathlib import Path
from typing import Any, Tuple

import bittensor as bt

import synapses


def wallet(folder: Path, name: str) -> bt.Wallet:
    """A new wallet as the SDK writes it, its keys not encrypted."""
    created = bt.Wallet(name=name, hotkey="default", path=str(folder))
    created.create(coldkey_use_password=False, hotkey_use_password=False, suppress=True)
    return created


class LoopbackAxon:
    """One axon on an address of its own that keeps what its functions were given."""

    def __init__(self, own: bt.Wallet, host: str):
        self.host = host
        self.port = free_port(host)
        self.hotkey = own.hotkey.ss58_address
        self.coldkey = own.coldkeypub.ss58_address
        self.seen: list[bt.Synapse] = []
        # A given external address spares the look-up of our own; nothing here asks a chain.
        self.axon = bt.Axon(
            wallet=own, ip=host, port=self.port, external_ip=host, external_port=self.port
        )
        self.axon.fast_config.host = host  # the SDK listens on every address
        for probe in synapses.PROBES:
            self._attach(probe)

    def _attach(self, probe: synapses.Probe) -> None:
        synapse_class = probe.synapse
        if synapse_class is synapses.UnknownProbe:
            return

        def answer(synapse: bt.Synapse) -> bt.Synapse:
            if isinstance(synapse, synapses.FailingProbe):
                raise RuntimeError("this probe always fails")
            self.seen.append(synapse.model_copy(deep=True))
            setattr(synapse, probe.answer, synapses.answer_to(synapse))
            return synapse

        def blacklist(synapse: bt.Synapse) -> tuple[bool, str]:
            return True, "nobody may ask this"

        # The SDK reads the class it serves from the annotations.
        answer.__annotations__ = {"synapse": synapse_class, "return": synapse_class}
        blacklist.__annotations__ = {"synapse": synapse_class, "return": Tuple[bool, str]}
        if synapse_class is synapses.ForbiddenProbe:
            self.axon.attach(forward_fn=answer, blacklist_fn=blacklist)
        else:
            self.axon.attach(forward_fn=answer)
        assert self.axon.verify_fns[synapse_class.__name__] == self.axon.default_verify

    def start(self) -> "LoopbackAxon":
        self.axon.start()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex((self.host, self.port)) == 0:
                    return self
            time.sleep(0.02)
        raise SystemExit(f"interop: the axon on {self.host}:{self.port} did not start in 20 s")

    def take_seen(self) -> list[bt.Synapse]:
        """What was asked since the last call, in order of arrival."""
        seen, self.seen = self.seen, []
        return seen

    def neuron(self, uid: int, host: str | None = None, port: int | None = None) -> dict[str, Any]:
        """Its entry in a snapshot, optionally at another address."""
        return neuron(uid, self.hotkey, self.coldkey, host or self.host, port or self.port)


def neuron(uid: int, hotkey: str, coldkey: str, host: str, port: int) -> dict[str, Any]:
    return {
        "uid": uid,
        "hotkey": hotkey,
        "coldkey": coldkey,
        "axon": {"ip": host, "ip_type": 4, "port": port, "version": 10005000, "block": 1},
        "stake_rao": "0",
        "active": True,
        "validator_permit": uid == 0,
        "incentive": 0,
        "dividends": 0,
        "consensus": 0,
        "last_update": 1,
    }


def neuron_hotkey() -> str:
    """The address of a key nobody has."""
    return bt.Keypair.create_from_mnemonic(bt.Keypair.generate_mnemonic()).ss58_address


def free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]
