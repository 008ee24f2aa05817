"""Everything side by side: the official dendrite, a bare HTTP client, rounds on H2 and on PostgreSQL.

Run by scripts/bench, which has built the program and installed the SDK.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import growth
import processes as p
from figures import Bias, Error, Throughput, times
from report import Report

BEGIN, END = "<!-- scripts/bench --write: begin -->", "<!-- end -->"
WRK_SECONDS = 2
HANGING, OF = 100, 256
HANGING_TIMEOUT = 3.0


class Bench:
    def __init__(self, folder: Path, repetitions: int, short: bool, rows: int):
        self.folder, self.repetitions, self.short, self.rows = folder, repetitions, short, rows
        self.began = time.monotonic()
        self.report = Report(repetitions)
        self.sizes = [256] if short else [256, 1024]

    def warm(self, targets: int) -> int:
        """Rounds before the measured ones: the compilers are through after some thousand queries."""
        return max(4, (1_000 if self.short else 5_000) // targets)

    def say(self, what: str) -> None:
        print(f"bench: {time.monotonic() - self.began:4.0f} s  {what}", file=sys.stderr, flush=True)

    def files(self, name: str, kinds: dict[int, int], **more: Any) -> Path:
        return p.files(self.folder / name, kinds, **more)

    def throughput(self, name: str, targets: int | None, lines: list[p.Line]) -> None:
        self.report.throughput(name, targets, Throughput.of(lines))

    def peers(self) -> None:
        self.say("the official dendrite")
        for size in self.sizes:
            files = self.files(f"peer-{size}", {p.AT_ONCE: size})
            self.throughput("official Python dendrite", size, p.peer(files, self.repetitions + 1)[1:])

    def limits(self) -> None:
        self.say("the limit: wrk, and the JDK's client alone")
        if shutil.which("wrk"):
            for name, header in [("kept connections", []), ("a new connection each", ["-H", "Connection: close"])]:
                found = [self.wrk(header, i) for i in range(self.repetitions)]
                self.report.limit(f"wrk, 64 at once, {name}", found)
        else:
            self.say("wrk is not installed and cannot be; its rows are left out")
        for size in self.sizes:
            files = self.files(f"bare-{size}", {p.AT_ONCE: size}, concurrency=256)
            for kind, name in [
                ("bare", "bare client: a new connection each, no signing, no storing"),
                ("unpaced", "signing, asking, reading; stored nowhere; no pace"),
                ("nothing", "signing, asking, reading; stored nowhere; at a round's pace"),
            ]:
                self.throughput(name, size, p.asking(kind, files, self.repetitions, self.warm(size)))

    def wrk(self, header: list[str], repetition: int) -> float:
        # An address of its own for each, so that no port is waited for.
        url = f"http://127.1.99.{repetition + (100 if header else 0)}:{p.PORT}/Prompt"
        command = ["wrk", "-t1", "-c64", f"-d{WRK_SECONDS}s", *header, url]
        said = subprocess.run(p.pinned(p.CLIENT_CORE, command), capture_output=True, text=True, check=True).stdout
        found = re.search(r"Requests/sec:\s+([\d.]+)", said)
        return float(found.group(1)) if found else 0.0

    def ours(self) -> None:
        self.say("rounds on H2")
        for size in self.sizes:
            files = self.files(f"h2-{size}", {p.AT_ONCE: size}, concurrency=256)
            self.throughput("round on H2", size, p.rounds(files, self.repetitions, self.warm(size)))
        if self.short:
            return
        self.say("rounds on PostgreSQL")
        with p.postgres() as database:
            for size in self.sizes:
                files = self.files(f"pg-{size}", {p.AT_ONCE: size}, concurrency=256)
                found = p.rounds(files, self.repetitions, self.warm(size), database=database)
                self.throughput("round on PostgreSQL", size, found)
        self.say("the command run")
        files = self.files("command", {p.AT_ONCE: 256}, concurrency=256)
        job = str(files / "jobs" / "bench.yaml")
        found = [p.command([str(p.LAUNCHER), "run", job, "--home", str(files / "home")]) for _ in range(self.repetitions)]
        self.report.command("`axonometer run`, the whole command, 256 targets", found)

    def errors(self) -> None:
        self.say("measurement error and position bias, axons after 50 ms")
        most = 256 if self.short else 1024
        for size in [256] if self.short else [64, 256, 1024]:
            files = self.files(f"error-{size}", {p.AFTER_50_MS: most}, concurrency=size)
            lines = p.rounds(files, self.repetitions, self.warm(most))
            self.report.error(f"round on H2, {size} at once", Error.of(lines))
            if size == 256:
                self.report.bias("round on H2, axons after 50 ms", Bias.of(lines))
        files = self.files("error-peer", {p.AFTER_50_MS: most})
        lines = p.peer(files, self.repetitions + 1)[1:]
        self.report.error("official Python dendrite", Error.of(lines))
        self.report.bias("official Python dendrite, axons after 50 ms", Bias.of(lines))
        if self.short:
            return
        self.say("position bias, axons after 1 s")
        files = self.files("bias", {p.AFTER_1_S: 256}, concurrency=256)
        self.report.bias("round on H2, axons after 1 s", Bias.of(p.rounds(files, self.repetitions, 1)))
        self.report.bias("official Python dendrite, axons after 1 s", Bias.of(p.peer(files, self.repetitions)))

    def isolation(self) -> None:
        self.say(f"{HANGING} of {OF} axons never answer")
        kinds = {p.NEVER: HANGING, p.AFTER_50_MS: OF - HANGING}
        files = self.files("hanging", kinds, concurrency=OF, timeout=f"{HANGING_TIMEOUT:.0f}s")
        repetitions = min(3, self.repetitions)
        for name, lines in [
            ("round on H2", p.rounds(files, repetitions, 1)),
            ("official Python dendrite", p.peer(files, repetitions, HANGING_TIMEOUT)),
        ]:
            recorded = [query.recorded * 1e3 for line in lines for query in times(line)]
            self.report.isolation(name, [line["ok"] for line in lines], OF - HANGING, recorded)

    def run(self) -> None:
        with p.axons():
            self.peers()
            self.limits() if not self.short else None
            self.ours()
            self.errors()
            self.isolation()
            self.say("growth")
            growth.targets(self)
        if self.rows and not self.short:
            self.say(f"a history of {self.rows:,} rows")
            growth.history(self)
        self.say("start-up")
        growth.start_up(self)
        self.say("done")


def machine() -> dict[str, Any]:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?"
    )
    java = subprocess.run([f"{os.environ['JAVA_HOME']}/bin/java", "-version"], capture_output=True, text=True, check=True)
    return {
        "measured": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": model,
        "cores": os.cpu_count(),
        "java": java.stderr.splitlines()[0].split('"')[1],
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def write(text: str, figures: str) -> None:
    """Puts the tables, and the figures behind them, between the two marks of the page."""
    page = p.ROOT / "docs" / "performance.md"
    before, rest = page.read_text(encoding="utf-8").split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    folded = f"<details><summary>The same as JSON</summary>\n\n```json\n{figures}```\n\n</details>"
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{folded}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    options = argparse.ArgumentParser(prog="scripts/bench")
    options.add_argument("--short", action="store_true")
    options.add_argument("--repetitions", type=int)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=p.TARGET / "bench") as folder:
        bench = Bench(Path(folder), chosen.repetitions or (2 if chosen.short else 5), chosen.short, chosen.rows)
        bench.report.machine = machine()
        try:
            bench.run()
        except KeyboardInterrupt:
            print("bench: interrupted; what was measured so far:", file=sys.stderr)
    bench.report.machine["load_at_end"] = round(os.getloadavg()[0], 1)
    (p.TARGET / "bench" / "result.json").write_text(bench.report.json(), encoding="utf-8")
    text = bench.report.markdown()
    print(text)
    if chosen.write:
        write(text, bench.report.json())
    if chosen.short:
        bench.report.require_ratios()


if __name__ == "__main__":
    main()
