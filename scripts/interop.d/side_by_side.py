"""The same queries through the official dendrite and through `axonometer ask`, compared.

Both ask the same real axons, each behind a relay that keeps the request, and the same misbehaving
server. Compared are the request as it came, the status code and message, and the whole synapse
after the merge. Every difference has an id, `case/what`; one that most cases have alike is
`every/what`, and where one of the two did not take the answer it is `case/synapse`.
"""

import json
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import bittensor as bt
from bittensor.utils import networking

import axons
import files
import misbehaving
import relay
import streams
import synapses

OWN_IP = "127.0.0.254"
PATIENT = 10.0
SHORT = 1.0
ASK_SECONDS = 120

# They differ between any two queries, or count bytes of one implementation.
VOLATILE = {"nonce", "uuid", "signature", "process_time"}
SIZES = {"total_size", "header_size", "content-length"}
VOLATILE_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|0x[0-9a-f]{128}|\b1[0-9]{18}\b")
FIRST_EPHEMERAL_PORT = 32768


@dataclass
class Case:
    """One query, asked twice."""

    name: str
    probe: synapses.Probe
    hotkey: str
    host: str
    port: int
    timeout: float = PATIENT
    server: relay.Listener | None = None
    requests: dict[str, relay.Request | None] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def info(self) -> bt.AxonInfo:
        return bt.AxonInfo(
            version=10005000,
            ip=self.host,
            port=self.port,
            ip_type=6 if ":" in self.host else 4,
            hotkey=self.hotkey,
            coldkey=self.hotkey,
        )

    def address(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def keep(self, asker: str, answer: dict[str, Any]) -> None:
        taken = self.server.take_requests() if self.server else []
        self.requests[asker] = taken[0] if taken else None
        self.answers[asker] = answer


def cases(axon: axons.LoopbackAxon, other: axons.LoopbackAxon) -> list[Case]:
    def through(name: str, probe: synapses.Probe, server: relay.Listener, **more) -> Case:
        return Case(name, probe, more.pop("hotkey", axon.hotkey), server.host, server.port, server=server, **more)

    at = (axon.host, axon.port)
    dummy = next(p for p in synapses.PROBES if p.synapse is synapses.Dummy)
    text = next(p for p in synapses.PROBES if p.synapse is synapses.TextProbe)
    marked = synapses.Probe(text.synapse, {"prompt": f"{relay.MARK.decode()} {synapses.AWKWARD}"})
    ping = synapses.Probe(bt.Synapse, {})
    found = [through(probe.name, probe, relay.relay(axon.host, at)) for probe in synapses.PROBES]
    found += [
        through("ping", ping, relay.relay(axon.host, at)),
        through("ipv6", dummy, relay.relay("::1", at)),
        through("stale-hotkey", text, relay.relay(axon.host, at), hotkey=other.hotkey),
        through("flipped-signature", marked, relay.relay(axon.host, at, relay.flip_signature)),
        through("flipped-hash", marked, relay.relay(axon.host, at, relay.flip_hash)),
        through("flipped-body", marked, relay.relay(axon.host, at, relay.flip_body)),
        Case("refused", dummy, axon.hotkey, axon.host, axons.free_port(axon.host)),
    ]
    stream = synapses.Probe(streams.StreamProbe, {"prompt": "rivers"}, answer="completion")
    forbidden = synapses.Probe(streams.ForbiddenStreamProbe, {"prompt": "rivers"}, answer="completion")
    found += [
        through("stream", stream, relay.relay(axon.host, at)),
        through("stream-forbidden", forbidden, relay.relay(axon.host, at)),
        Case("stream-refused", stream, axon.hotkey, axon.host, axons.free_port(axon.host)),
    ]
    for name, server in misbehaving.start().items():
        probe = stream if name.startswith("stream-") else dummy
        timeout = SHORT if name in misbehaving.SLOW else PATIENT
        found.append(through(name, probe, server, timeout=timeout))
    return found


async def ask_with_the_official_dendrite(wallet: bt.Wallet, all_cases: list[Case]) -> None:
    networking.get_external_ip = lambda: OWN_IP  # it would ask web sites
    async with bt.Dendrite(wallet=wallet) as dendrite:
        for case in all_cases:
            try:
                case.keep("python", await official_answer(dendrite, case))
            except Exception as e:  # what the dendrite lets out is its answer
                case.keep("python", {"raised": type(e).__name__})


async def official_answer(dendrite: bt.Dendrite, case: Case) -> dict[str, Any]:
    """The whole synapse; of a stream what was heard too."""
    said: dict[str, Any] = {}
    synapse = case.probe.request()
    if isinstance(synapse, bt.StreamingSynapse):
        heard = b""
        async for part in dendrite.call_stream(case.info(), synapse, timeout=case.timeout, deserialize=False):
            if isinstance(part, bytes):
                heard += part
            else:
                synapse = part
        said["heard"] = heard.decode(errors="replace")
    else:
        synapse = await dendrite.call(case.info(), synapse, timeout=case.timeout, deserialize=False)
    return json.loads(json.dumps(synapse.model_dump())) | said


def ask_with_axonometer(program: Path, folder: Path, wallets: Path, all_cases: list[Case]) -> None:
    def group(case: Case) -> tuple:
        return case.probe.name, json.dumps(case.probe.values), case.hotkey, case.timeout

    for _, grouped in groupby(sorted(all_cases, key=group), group):
        same = list(grouped)
        for case, answer in zip(same, ask_together(program, folder, wallets, same)):
            said = {}
            if issubclass(case.probe.synapse, bt.StreamingSynapse):
                stream = answer["observed"]["stream"] or {"parts": []}
                said["heard"] = "".join(stream["parts"])
            case.keep("ours", answer["dendrite"]["synapse"] | said)


def ask_together(program: Path, folder: Path, wallets: Path, same: list[Case]) -> list[dict[str, Any]]:
    """What `ask --json` says of each, all of the same synapse, hotkey and timeout."""
    first = same[0]
    command = [str(program), "ask", *(case.address() for case in same), "--json", "--sequential"]
    command += ["--hotkey", first.hotkey, "--timeout", f"{round(first.timeout * 1000)}ms"]
    command += ["--allow-addresses", "127.0.0.0/8,::1/128", "--external-ip", OWN_IP]
    command += ["--wallet.path", str(wallets), "--wallet.name", "validator", "--wallet.hotkey", "default"]
    command += ["--home", str(folder / "home")]
    if first.probe.synapse is not bt.Synapse:
        command += ["--synapse", str(files.write_synapse(folder, f"ask-{first.name}", first.probe))]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=ASK_SECONDS, check=False)
    try:
        answers = json.loads(ran.stdout)
    except ValueError:
        answers = []
    answers = answers if isinstance(answers, list) else [answers]
    if len(answers) != len(same):
        raise SystemExit(f"interop: {' '.join(command)}\n{ran.stdout}{ran.stderr}")
    return answers


def differences(all_cases: list[Case]) -> dict[str, tuple[Any, Any]]:
    """Python's and ours by id."""
    found: dict[str, dict[str, tuple[Any, Any]]] = {}
    for case in all_cases:
        of_case = found[case.name] = {}
        python, ours = (case.requests[asker] for asker in ("python", "ours"))
        if python and ours:
            of_case |= compared(request(python), request(ours))
        elif python or ours:
            of_case["request"] = (bool(python), bool(ours))
        of_case |= compared_answers(*(settled(case.answers[asker]) for asker in ("python", "ours")))
    return with_common_ones_once(found)


def compared_answers(python: dict[str, Any], ours: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """One difference when only one of them took the answer, which makes all the rest differ."""
    code = {who: (answer.get("dendrite") or {}).get("status_code") for who, answer in (("python", python), ("ours", ours))}
    if "raised" in python or code["python"] != code["ours"]:
        return {"synapse": (python, ours)}
    return compared(python, ours)


def with_common_ones_once(found: dict[str, dict[str, tuple[Any, Any]]]) -> dict[str, tuple[Any, Any]]:
    counts = Counter((what, repr(both)) for of_case in found.values() for what, both in of_case.items())
    by_id = {}
    for name, of_case in found.items():
        for what, both in of_case.items():
            common = counts[what, repr(both)] > len(found) / 2
            by_id[f"{'every' if common else name}/{what}"] = both
    return by_id


def request(sent: relay.Request) -> dict[str, Any]:
    lines = sent.head.decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    for line in filter(None, lines[1:]):
        name, _, value = line.partition(":")
        name = name.lower()
        last = name.rsplit("_", 1)[-1]
        if name not in SIZES:
            value = value.strip() if last not in VOLATILE else "set"
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    body = json.loads(sent.body)
    return {"line": lines[0], "header": headers, "body": settled(body)}


def settled(value: Any, path: str = "") -> Any:
    """Without what differs between any two queries."""
    name = path.rsplit("/", 1)[-1]
    if isinstance(value, dict):
        return {k: settled(v, f"{path}/{k}") for k, v in value.items() if k not in SIZES}
    if name in VOLATILE and value is not None:
        return "set"
    if path.endswith("dendrite/port") and value is not None and value >= FIRST_EPHEMERAL_PORT:
        return "our port"
    return VOLATILE_TEXT.sub("<volatile>", value) if isinstance(value, str) else value


def compared(python: Any, ours: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    if isinstance(python, dict) and isinstance(ours, dict):
        found = {}
        for key in sorted(python.keys() | ours.keys()):
            inner = f"{path}/{key}" if path else key
            found |= compared(python.get(key, "(absent)"), ours.get(key, "(absent)"), inner)
        return found
    same = python == ours and type(python) is type(ours)
    return {} if same else {path: (python, ours)}
