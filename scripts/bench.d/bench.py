"""Everything side by side: the official dendrite, a bare HTTP client, rounds on H2 and on PostgreSQL.

Run by scripts/bench, which has built the program and installed the SDK.
"""

import argparse
import json
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
# Rho of one round of 256 has a sigma of 0.063 when nothing is biased; the mean of so many, 0.014.
BIAS_REPETITIONS = 20


class Bench:
    def __init__(self, folder: Path, repetitions: int, short: bool, rows: list[int]):
        self.folder, self.repetitions, self.short, self.rows = folder, repetitions, short, rows
        self.began = time.monotonic()
        self.report = Report(repetitions)
        self.sizes = [256] if short else [256, 1024]

    def warm_up(self, targets: int = 256) -> int:
        """Rounds of so many targets before the measured ones: the compilers are through after some 25,000 queries."""
        return (1_024 if self.short else 25_600) // targets

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
            self.report.limit("wrk: not installed, and could not be", [])
        for size in self.sizes:
            files = self.files(f"bare-{size}", {p.AT_ONCE: size}, concurrency=256)
            for kind, name in [
                ("bare", "bare client: a new connection each, no signing, no storing"),
                ("unpaced", "signing, asking, reading; stored nowhere; no pace"),
                ("nothing", "signing, asking, reading; stored nowhere; at a round's pace"),
            ]:
                self.throughput(name, size, p.asking(kind, files, self.repetitions, self.warm_up(size)))

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
            self.throughput("round on H2", size, p.rounds(files, self.repetitions, self.warm_up()))
        if not self.short:
            files = self.files("young", {p.AT_ONCE: 256}, concurrency=256)
            self.throughput("round on H2, the second to sixth of a process", 256, p.rounds(files, self.repetitions, 0))
        self.say("rounds on PostgreSQL")
        with p.postgres() as database:
            self.report.machine["postgresql"] = database.pop("version")
            for size in self.sizes:
                files = self.files(f"pg-{size}", {p.AT_ONCE: size}, concurrency=256)
                found = p.rounds(files, self.repetitions, self.warm_up(), database=database)
                self.throughput(f"round on PostgreSQL{p.BESIDE_AXONS}", size, found)
        if self.short:
            return
        self.say("the command run")
        files = self.files("command", {p.AT_ONCE: 256}, concurrency=256)
        job = str(files / "jobs" / "bench.yaml")
        found = [p.command([str(p.LAUNCHER), "run", job, "--home", str(files / "home")]) for _ in range(self.repetitions)]
        self.report.command("`axonometer run`, the whole command, 256 targets", found)

    def errors(self) -> None:
        most = 256 if self.short else 1024
        for axons, after in [(p.AFTER_50_MS, "50 ms")] if self.short else [(p.AFTER_50_MS, "50 ms"), (p.AFTER_1_S, "1 s")]:
            self.say(f"measurement error, axons after {after}")
            for size in [256] if self.short else [64, 256, 1024]:
                files = self.files(f"error-{axons}-{size}", {axons: most}, concurrency=size)
                lines = p.rounds(files, self.repetitions, self.warm_up())
                self.report.error(f"round on H2, up to {size} at once, {after}", Error.of(lines))
                if size == 256 and axons == p.AFTER_50_MS:
                    self.report.bias("round on H2, axons after 50 ms", Bias.of(lines))
            files = self.files(f"error-peer-{axons}", {axons: most})
            lines = p.peer(files, self.repetitions + 1)[1:]
            self.report.error(f"official Python dendrite, {most} at once, {after}", Error.of(lines))
            if axons == p.AFTER_50_MS:
                self.report.bias("official Python dendrite, axons after 50 ms", Bias.of(lines))
        if self.short:
            return
        self.say("position bias, axons after 1 s")
        files = self.files("bias", {p.AFTER_1_S: 256}, concurrency=256)
        lines = p.rounds(files, BIAS_REPETITIONS, self.warm_up())
        self.report.bias("round on H2, axons after 1 s", Bias.of(lines))
        lines = p.peer(files, BIAS_REPETITIONS + 1)[1:]
        self.report.bias("official Python dendrite, axons after 1 s", Bias.of(lines))

    def isolation(self) -> None:
        self.say(f"{HANGING} of {OF} axons never answer")
        kinds = {p.NEVER: HANGING, p.AFTER_50_MS: OF - HANGING}
        files = self.files("hanging", kinds, concurrency=OF, timeout=f"{HANGING_TIMEOUT:.0f}s")
        for name, lines in [
            ("round on H2", p.rounds(files, self.repetitions, self.warm_up())),
            ("official Python dendrite", p.peer(files, self.repetitions + 1, HANGING_TIMEOUT)[1:]),
        ]:
            recorded = [query.recorded * 1e3 for line in lines for query in times(line)]
            self.report.isolation(name, [line["ok"] for line in lines], OF - HANGING, recorded)

    def growth(self) -> None:
        self.say("growth")
        growth.targets(self)

    def histories(self) -> None:
        for rows in self.rows:
            self.say(f"a history of {rows:,} rows")
            growth.history(self, rows)

    def run(self) -> None:
        asking = [self.peers, *([] if self.short else [self.limits]), self.ours, self.errors, self.isolation, self.growth]
        with p.axons():
            for part in asking:
                part()
        if not self.short:
            self.histories()
        self.say("start-up")
        growth.start_up(self)
        self.say("done")


def said(*command: str) -> str:
    """What a program says of itself; a question mark where there is none."""
    try:
        ended = subprocess.run(command, cwd=p.ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "?"
    return (ended.stdout or (ended.stderr if ended.returncode == 0 else "")).strip() or "?"


def machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*:\s*(.*)", info)
    java = re.search(r'"(.*?)"', said(f"{os.environ['JAVA_HOME']}/bin/java", "-version"))
    h2 = next((p.TARGET / "bench" / "cache" / "app" / "lib").glob("h2-*.jar"))
    changed = "" if said("git", "status", "--porcelain") == "?" else ", changed"
    return {
        "measured": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": said("git", "rev-parse", "--short=12", "HEAD") + changed,
        "cpu": model.group(1) if model else "?",
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "java": java.group(1) if java else "?",
        "python": platform.python_version(),
        "bittensor": said(
            str(p.TARGET / "interop/python/bin/python"), "-c", "import importlib.metadata as m; print(m.version('bittensor'))"
        ),
        "h2": h2.stem.removeprefix("h2-"),
        "postgresql": "?",
        "wrk": said("wrk", "-v").split(" ", 2)[1] if shutil.which("wrk") else "none",
        "load": round(os.getloadavg()[0], 1),
    }


def page_parts() -> tuple[str, str, str]:
    """The page before, between and behind the two marks."""
    before, rest = (p.ROOT / "docs" / "performance.md").read_text(encoding="utf-8").split(BEGIN, 1)
    between, after = rest.split(END, 1)
    return before, between, after


def rows_of_page() -> list[int]:
    """The lengths of the histories whose figures the page has."""
    found = re.search(r"```json\n(.*?)```", page_parts()[1], re.DOTALL)
    return [row["rows"] for row in json.loads(found.group(1)).get("history", [])] if found else []


def write(text: str, figures: str) -> None:
    """Puts the tables, and the figures behind them, between the two marks of the page."""
    before, _, after = page_parts()
    folded = f"<details><summary>The same as JSON</summary>\n\n```json\n{figures}```\n\n</details>"
    page = p.ROOT / "docs" / "performance.md"
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{folded}\n\n{END}{after}", encoding="utf-8")


def chosen_options() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="scripts/bench")
    options.add_argument("--short", action="store_true")
    options.add_argument("--repetitions", type=int)
    options.add_argument("--rows", default="1000000")
    options.add_argument("--histories", action="store_true")
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    try:
        chosen.rows = [int(rows) for rows in chosen.rows.split(",") if int(rows) > 0]
    except ValueError:
        options.error("--rows takes numbers with commas between them")
    if chosen.write and (chosen.short or chosen.histories or (chosen.repetitions or 5) < 5):
        options.error("--write wants the whole: no --short, no --histories, and five repetitions or more")
    if chosen.short and chosen.histories:
        options.error("--short leaves the long histories out, --histories all else; which of the two?")
    if chosen.write and (lost := set(rows_of_page()) - set(chosen.rows)):
        options.error(f"the page has histories of {sorted(lost)} rows too; name them in --rows, or they would go")
    return chosen


def main() -> None:
    chosen = chosen_options()
    p.copy_cache()
    whole = False
    with tempfile.TemporaryDirectory(prefix="bench-", dir=p.TARGET / "bench") as folder:
        bench = Bench(Path(folder), chosen.repetitions or (2 if chosen.short else 5), chosen.short, chosen.rows)
        bench.report.machine = machine()
        try:
            if chosen.histories:
                bench.histories()
            else:
                bench.run()
            whole = True
        except KeyboardInterrupt:
            print("bench: interrupted", file=sys.stderr)
        finally:
            bench.report.machine["load_at_end"] = round(os.getloadavg()[0], 1)
            bench.report.machine["whole"] = whole
            result = p.TARGET / "bench" / "result.json"
            result.write_text(bench.report.json(), encoding="utf-8")
            print(bench.report.markdown())
            print(f"bench: {'all of it' if whole else 'what was measured so far'} is in {result}", file=sys.stderr)
    if not whole:
        raise SystemExit(1)
    if chosen.write:
        write(bench.report.markdown(), bench.report.json())
    if chosen.short:
        bench.report.require_ratios()


if __name__ == "__main__":
    main()
