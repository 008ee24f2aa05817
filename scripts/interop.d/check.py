"""Asks real axons and a misbehaving server with both programs and compares what all sides say.

The official dendrite asks, `axonometer ask` asks the same, and every difference must stand in
docs/dendrite-parity.md. Job files come from scripts/synapse_to_yaml.py. A few jobs are run as rounds
too, and their exports compared with what the axons answered and what they saw.
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

import admitted  # noqa: E402
import axons  # noqa: E402
import files  # noqa: E402
import relay  # noqa: E402
import side_by_side  # noqa: E402
import streams  # noqa: E402
import synapses  # noqa: E402

MAJOR = "10."
FEWEST_CASES = 40
RUN_SECONDS = 120
# Each takes two starts of the program; the comparison covers the rest of the probes.
ROUNDS = (synapses.CoercedProbe, synapses.FailingProbe)


@dataclass(frozen=True)
class Round:
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

    def print_new(self, known: int) -> None:
        for line in self.lines[known:]:
            print(f"interop: {line}", file=sys.stderr)


def check_the_official_answers(all_cases: list[side_by_side.Case], failures: Failures) -> None:
    """The real axons must do what the probes expect, or the comparison proves nothing."""
    for case in all_cases:
        if case.probe not in synapses.PROBES or case.name != case.probe.name:
            continue
        answer = case.answers["python"]
        failures.check(
            case.name, "status the official dendrite got", case.probe.status, (answer.get("dendrite") or {}).get("status_code")
        )
        failures.check(
            case.name, "answer the official dendrite got", case.probe.expected_answer(), answer.get(case.probe.answer)
        )


def check_seen(name: str, probe: synapses.Probe, queried: list[axons.LoopbackAxon], caller: str, failures: Failures) -> None:
    """What reached the axons' functions is what was meant, in value and in Python type."""
    expected = probe.request().model_dump()
    for axon in queried:
        seen = axon.take_seen()
        failures.check(name, f"queries that reached {axon.host}", 1 if probe.outcome == "OK" else 0, len(seen))
        for synapse in seen:
            failures.check(name, "caller the axon saw", caller, synapse.dendrite.hotkey)
            for field in probe.values:
                was = repr(synapse.model_dump()[field])
                failures.check(name, f"{field} the axon saw", repr(expected[field]), was)


def check_differences(document: Path, all_cases: list[side_by_side.Case], failures: Failures) -> int:
    found = side_by_side.differences(all_cases)
    known = admitted.ids(document)
    for identity in sorted(found.keys() - known):
        python, ours = found[identity]
        failures.lines.append(f"{identity}: the official dendrite {python!r}, ours {ours!r}; not in {document.name}")
    for identity in sorted(known - found.keys()):
        failures.lines.append(f"{identity}: stands in {document.name} and does not differ")
    return len(found)


def check_synapse_to_yaml(program: Path, folder: Path, wallets: Path, failures: Failures) -> int:
    """What it refuses, and that its blocks hash like the class. The other probes show that by being answered."""
    for refused, expected in synapses.REFUSED_CLASSES.items():
        try:
            files.synapse_to_yaml.block_of(refused)
            said: tuple[str, ...] = ()
        except files.synapse_to_yaml.Refused as e:
            said = e.lines
        failures.check(refused.__name__, "number of lines said of it", len(expected), len(said))
        for line, beginning in zip(said, expected):
            failures.check(refused.__name__, "line said of it", beginning, line[: len(beginning)])
    for probe in synapses.HASH_PROBES:
        nobody = side_by_side.Case(probe.name, probe, axons.neuron_hotkey(), "127.0.0.1", axons.free_port("127.0.0.1"))
        sent = side_by_side.ask_together(program, folder, wallets, [nobody])[0]["request"]["headers"]
        failures.check(probe.name, "body hash", probe.request().body_hash, sent["computed_body_hash"])
    printed = subprocess.run(
        [sys.executable, files.synapse_to_yaml.__file__, f"{synapses.__file__}:Dummy", "--value", "dummy_input=21"],
        capture_output=True,
        text=True,
        check=False,
    )
    dummy = next(p for p in synapses.PROBES if p.synapse is synapses.Dummy)
    block = files.synapse_to_yaml.block_of(dummy.synapse, values=dummy.values)
    failures.check("synapse_to_yaml.py", "output", files.synapse_to_yaml.text_of(block) + "\n", printed.stdout)
    return len(synapses.REFUSED_CLASSES)


def check_job_files(program: Path, folder: Path, snapshot: Path, wallets: Path, failures: Failures) -> int:
    """Every class's job file is good to `jobs validate`."""
    jobs = folder / "jobs"
    jobs.mkdir()
    probes = [*synapses.PROBES, *synapses.HASH_PROBES]
    for probe in probes:
        files.write_job(jobs, probe.name, probe, snapshot, wallets)
    validated = axonometer(program, folder / "home", "jobs", "validate", "--jobs", str(jobs))
    good = [line for line in validated.stdout.splitlines() if line.endswith(": good")]
    if validated.returncode != 0 or len(good) != len(probes):
        failures.lines.append("\n  ".join(["jobs validate refuses what synapse_to_yaml.py wrote", *said(validated)]))
    return len(probes)


def axonometer(program: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program), *arguments, "--home", str(home)],
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )


def rounds(park: list[axons.LoopbackAxon]) -> list[Round]:
    own = [axon.neuron(uid) for uid, axon in enumerate(park, start=1)]
    asked = [Round(p.name, p, own, park) for p in synapses.PROBES if p.synapse in ROUNDS]
    text = next(p for p in synapses.PROBES if p.synapse is synapses.TextProbe)
    refused = replace(text, outcome="REFUSED", status=401)
    forger = relay.relay("127.0.0.1", (park[0].host, park[0].port), relay.flip_signature)
    asked.append(Round("flipped-signature", refused, [park[0].neuron(1, forger.host, forger.port)], park[:1]))
    return asked


def run_round(program: Path, home: Path, job: Path, asked: Round, caller: str, failures: Failures) -> None:
    ran = axonometer(program, home, "run", str(job))
    exported = axonometer(program, home, "export", "last", "--format", "jsonl")
    if ran.returncode != 0 or exported.returncode != 0:
        codes = f"run ended with {ran.returncode}, export with {exported.returncode}"
        failures.lines.append("\n  ".join([f"{asked.name}: {codes}", *said(ran), *said(exported)]))
        return
    try:
        rows = [json.loads(line) for line in exported.stdout.split("\n") if line.strip()]
    except ValueError as e:
        failures.lines.append("\n  ".join([f"{asked.name}: the export is not JSONL: {e}", *said(exported)]))
        return
    failures.check(
        asked.name,
        "hotkeys in the export",
        sorted(neuron["hotkey"] for neuron in asked.neurons),
        sorted(str(row.get("hotkey")) for row in rows),
    )
    for row in rows:
        failures.check(asked.name, "outcome", asked.probe.outcome, row.get("outcome"))
        failures.check(asked.name, "HTTP status", asked.probe.status, row.get("http_status"))
        failures.check(asked.name, "answer", asked.probe.expected_answer(), (row.get("fields") or {}).get("answer"))
    check_seen(asked.name, asked.probe, asked.axons, caller, failures)


def said(process: subprocess.CompletedProcess[str]) -> list[str]:
    return (process.stdout + process.stderr).splitlines()[-10:]


class Stages:
    """Prints one line for each stage, with its time."""

    def __init__(self, failures: Failures) -> None:
        self._failures = failures
        self.begin()

    def begin(self) -> None:
        self._began, self._known = time.monotonic(), len(self._failures.lines)

    def end(self, what: str) -> None:
        verdict = "ok  " if len(self._failures.lines) == self._known else "FAIL"
        print(f"interop: {verdict} {what}, {time.monotonic() - self._began:.1f} s", flush=True)
        self._failures.print_new(self._known)
        self.begin()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="empty folder for all files")
    parser.add_argument("--parity", type=Path, required=True, help="the document with the differences")
    parser.add_argument("--sdk-only", action="store_true", help="stop after the official dendrite")
    arguments = parser.parse_args()
    if not bt.__version__.startswith(MAJOR):
        print(f"interop: needs bittensor {MAJOR}x, found {bt.__version__}", file=sys.stderr)
        return 1
    bt.logging.off()

    os.umask(0o077)  # a wallet others may write to is refused
    program, folder = arguments.program, arguments.folder
    wallets = folder / "wallets"
    validator = axons.wallet(wallets, "validator")
    caller = validator.hotkey.ss58_address
    park = [
        axons.LoopbackAxon(axons.wallet(wallets, f"miner-{n}"), f"127.0.0.{n + 10}").start() for n in (1, 2)
    ]
    for axon in park:
        streams.serve(axon)
    failures = Failures()
    stages = Stages(failures)
    print(f"interop: bittensor {bt.__version__}, its look-up of the external address replaced by {side_by_side.OWN_IP}")

    all_cases = side_by_side.cases(*park)
    asyncio.run(side_by_side.ask_with_the_official_dendrite(validator, all_cases))
    check_the_official_answers(all_cases, failures)
    failures.check("the comparison", f"at least {FEWEST_CASES} cases", True, len(all_cases) >= FEWEST_CASES)
    stages.end(f"the official dendrite asked {len(all_cases)} queries")
    if arguments.sdk_only:
        return ended(failures)

    for axon in park:
        axon.take_seen()
    side_by_side.ask_with_axonometer(program, folder, wallets, all_cases)
    stages.end(f"axonometer asked the same {len(all_cases)} queries")
    count = check_differences(arguments.parity, all_cases, failures)
    stages.end(f"{len(all_cases)} cases side by side, {count} differences, each in {arguments.parity.name}")

    snapshot = folder / "snapshot.json"
    own = axons.neuron(0, caller, validator.coldkeypub.ss58_address, "0.0.0.0", 0)
    files.write_snapshot(snapshot, [own, *(axon.neuron(uid) for uid, axon in enumerate(park, start=1))])
    refused = check_synapse_to_yaml(program, folder, wallets, failures)
    good = check_job_files(program, folder, snapshot, wallets, failures)
    stages.end(f"synapse_to_yaml.py: {good} classes written and validated, {refused} refused")

    for axon in park:
        axon.take_seen()
    for asked in rounds(park):
        snapshot = folder / f"{asked.name}.json"
        files.write_snapshot(snapshot, [own, *asked.neurons])
        job = files.write_job(folder, asked.name, asked.probe, snapshot, wallets)
        run_round(program, folder / "home", job, asked, caller, failures)
        stages.end(f"round of {asked.name}: {asked.probe.outcome} {asked.probe.status}")
    streams.check(lambda home, *said: axonometer(program, home, *said), park, validator, folder, failures)
    stages.end("rounds of streams")
    return ended(failures)


def ended(failures: Failures) -> int:
    print(f"interop: {len(failures.lines)} failures" if failures.lines else "interop: everything agrees")
    return 1 if failures.lines else 0


if __name__ == "__main__":
    sys.exit(main())
