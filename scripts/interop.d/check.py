"""Asks real axons with the real program and compares what both sides say.

First the official dendrite asks, which proves the axons; then every job is run by scripts/axonometer
and its export is compared with what the axons answered and what they saw.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

warnings.filterwarnings("ignore")  # the SDK and pydantic warn of the old way to list hash fields
os.environ["BT_NO_PARSE_CLI_ARGS"] = "1"  # the SDK would read this program's arguments as its own

import bittensor as bt  # noqa: E402
from bittensor.utils import networking  # noqa: E402

import axons  # noqa: E402
import files  # noqa: E402
import flip_proxy  # noqa: E402
import streams  # noqa: E402
import synapses  # noqa: E402

MAJOR = "10."
RUN_SECONDS = 120
MOST_FAILURES = 6

TEXT = next(p for p in synapses.PROBES if p.synapse is synapses.TextProbe)
FLIPS = [
    # What a real axon says of a query with one changed byte: it signs over the hash it was sent, and
    # compares that hash with the body only once the signature is good.
    ("signature", flip_proxy.flip_signature, "REFUSED", 401),
    ("hash", flip_proxy.flip_hash, "REFUSED", 401),
    ("body", flip_proxy.flip_body, "AXON_ERROR", 500),
    ("nothing", flip_proxy.flip_nothing, "OK", 200),
]


@dataclass(frozen=True)
class Case:
    """One job and what each of its targets must end as."""

    name: str
    probe: synapses.Probe
    neurons: list[dict[str, Any]]
    axons: list[axons.LoopbackAxon]


class Failures:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def check(self, name: str, what: str, expected: Any, actual: Any) -> None:
        if expected != actual:
            self.lines.append(f"{name}: {what} expected {expected!r}, was {actual!r}")


def cases(park: list[axons.LoopbackAxon]) -> list[Case]:
    own = [axon.neuron(uid) for uid, axon in enumerate(park, start=1)]
    built = [Case(probe.name, probe, own, park) for probe in synapses.PROBES]
    for part, flip, outcome, status in FLIPS:
        proxy = flip_proxy.FlipProxy("127.0.0.1", (park[0].host, park[0].port), flip)
        values = {"prompt": f"{flip_proxy.MARK.decode()} {synapses.AWKWARD}"}
        probe = replace(TEXT, values=values, outcome=outcome, status=status)
        built.append(Case(f"flipped-{part}", probe, [park[0].neuron(1, proxy.host, proxy.port)], park[:1]))
    stale = dict(park[0].neuron(1), hotkey=park[1].hotkey)
    probe = replace(TEXT, outcome="REFUSED", status=401)
    built.append(Case("stale-hotkey", probe, [stale], park[:1]))
    return built


def check_seen(case: Case, caller: str, failures: Failures) -> None:
    """What reached the axons' functions is what was meant, in value and in Python type."""
    expected = case.probe.request().model_dump()
    for axon in case.axons:
        seen = axon.take_seen()
        good = case.probe.outcome == "OK"
        failures.check(case.name, f"queries that reached {axon.host}", 1 if good else 0, len(seen))
        for synapse in seen:
            failures.check(case.name, "caller the axon saw", caller, synapse.dendrite.hotkey)
            for field in case.probe.types:
                failures.check(
                    case.name,
                    f"{field} the axon saw",
                    repr(expected[field]),
                    repr(synapse.model_dump()[field]),
                )


async def ask_with_the_official_dendrite(
    wallet: bt.Wallet, all_cases: list[Case], failures: Failures
) -> None:
    networking.get_external_ip = lambda: "127.0.0.254"  # it would ask web sites
    async with bt.Dendrite(wallet=wallet) as dendrite:
        for case in all_cases:
            targets = [info(neuron) for neuron in case.neurons]
            answers = await dendrite.forward(
                targets, case.probe.request(), timeout=10, deserialize=False
            )
            for answer in answers:
                failures.check(
                    case.name, "status the official dendrite got", case.probe.status, answer.dendrite.status_code
                )
                if case.probe.outcome == "OK":
                    failures.check(
                        case.name,
                        "answer the official dendrite got",
                        case.probe.expected_answer(),
                        getattr(answer, case.probe.answer),
                    )
            check_seen(case, wallet.hotkey.ss58_address, failures)


def info(neuron: dict[str, Any]) -> bt.AxonInfo:
    return bt.AxonInfo(
        version=10005000,
        ip=neuron["axon"]["ip"],
        port=neuron["axon"]["port"],
        ip_type=4,
        hotkey=neuron["hotkey"],
        coldkey=neuron["coldkey"],
    )


def axonometer(program: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program), *arguments, "--home", str(home)],
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )


def ask_with_axonometer(
    program: Path, home: Path, job: Path, case: Case, caller: str, failures: Failures
) -> None:
    ran = axonometer(program, home, "run", str(job))
    exported = axonometer(program, home, "export", "last", "--format", "jsonl")
    if ran.returncode != 0 or exported.returncode != 0:
        codes = f"run ended with {ran.returncode}, export with {exported.returncode}"
        failures.lines.append("\n  ".join([f"{case.name}: {codes}", *said(ran), *said(exported)]))
        return
    try:
        rows = [json.loads(line) for line in exported.stdout.split("\n") if line.strip()]
    except ValueError as e:
        failures.lines.append("\n  ".join([f"{case.name}: the export is not JSONL: {e}", *said(exported)]))
        return
    failures.check(
        case.name,
        "hotkeys in the export",
        sorted(neuron["hotkey"] for neuron in case.neurons),
        sorted(str(row.get("hotkey")) for row in rows),
    )
    for row in rows:
        failures.check(case.name, "outcome", case.probe.outcome, row.get("outcome"))
        failures.check(case.name, "HTTP status", case.probe.status, row.get("http_status"))
        failures.check(case.name, "answer", case.probe.expected_answer(), (row.get("fields") or {}).get("answer"))
    check_seen(case, caller, failures)


def said(process: subprocess.CompletedProcess[str]) -> list[str]:
    return (process.stdout + process.stderr).splitlines()[-10:]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="empty folder for all files")
    parser.add_argument("--sdk-only", action="store_true", help="stop after the official dendrite")
    arguments = parser.parse_args()
    if not bt.__version__.startswith(MAJOR):
        print(f"interop: needs bittensor {MAJOR}x, found {bt.__version__}", file=sys.stderr)
        return 1
    bt.logging.off()

    os.umask(0o077)  # a wallet others may write to is refused
    wallets = arguments.folder / "wallets"
    validator = axons.wallet(wallets, "validator")
    caller = validator.hotkey.ss58_address
    park = [
        axons.LoopbackAxon(axons.wallet(wallets, f"miner-{n}"), f"127.0.0.{n + 10}").start()
        for n in (1, 2)
    ]
    for axon in park:
        streams.serve(axon)
    all_cases = cases(park)
    failures = Failures()

    started = time.monotonic()
    asyncio.run(ask_with_the_official_dendrite(validator, all_cases, failures))
    queries = sum(len(case.neurons) for case in all_cases)
    print(
        f"interop: bittensor {bt.__version__}, {len(park)} axons;"
        f" the official dendrite asked {queries} queries in {time.monotonic() - started:.1f} s"
    )
    if failures.lines or arguments.sdk_only:
        return ended(failures)

    jobs = arguments.folder / "jobs"
    jobs.mkdir()
    for case in all_cases:
        snapshot = arguments.folder / f"{case.name}.json"
        own = axons.neuron(0, caller, validator.coldkeypub.ss58_address, "0.0.0.0", 0)
        files.write_snapshot(snapshot, [own, *case.neurons])
        job = files.write_job(jobs, case.name, case.probe, snapshot, wallets)
        started, known = time.monotonic(), len(failures.lines)
        ask_with_axonometer(arguments.program, arguments.folder / "home", job, case, caller, failures)
        verdict = "ok  " if len(failures.lines) == known else "FAIL"
        wanted = f"{case.probe.outcome} {case.probe.status}"
        print(f"interop: {verdict} {case.name:18} {wanted:15} {time.monotonic() - started:.1f} s", flush=True)
        if len(failures.lines) >= MOST_FAILURES:
            print("interop: too much disagrees, the other jobs are left out", file=sys.stderr)
            return ended(failures)
    streams.check(lambda home, *said: axonometer(arguments.program, home, *said), park, validator, arguments.folder, failures)
    return ended(failures)


def ended(failures: Failures) -> int:
    for line in failures.lines:
        print(f"interop: {line}", file=sys.stderr)
    print("interop: failed" if failures.lines else "interop: everything agrees")
    return 1 if failures.lines else 0


if __name__ == "__main__":
    sys.exit(main())
