"""What grows: the targets of a round, the rows of the history. And how long a command takes to start."""

import os
from typing import Any

import processes as p
from figures import Spread

HEAP = "-Xmx256m"
START_UPS = 5


def targets(bench: Any) -> None:
    """Processor time and memory per target of ever larger rounds, with a small heap."""
    for size, count in [(1_000, 2), (4_000, 1)] if bench.short else [(1_000, 5), (10_000, 1), (50_000, 1)]:
        files = bench.files(f"growth-{size}", {p.AT_ONCE: size}, concurrency=256)
        # As many queries before each, so that the compilers have as much behind them.
        warm = max(1, 8_000 // size) if bench.short else max(1, 10_000 // size)
        lines = p.rounds(files, count, warm, HEAP)
        database = sum(file.stat().st_size for file in (files / "db").glob("*.mv.db"))
        bench.report.growth(size, lines, database / size / (warm + count))


def history(bench: Any) -> None:
    """Rounds and questions on a long history."""
    files = bench.files(f"history-{bench.rows}", {p.AT_ONCE: 256}, concurrency=256)
    filled = p.lines(p.java("bench.HistoryFill", str(files), str(bench.rows), options=["-Xmx1g"]))[0]
    with p.axons():
        lines = p.rounds(files, bench.repetitions, bench.warm(256), HEAP)
    questions = {}
    for name in ["status", "rounds"]:
        command = [str(p.LAUNCHER), name, "--home", str(files)]
        questions[name] = Spread.of(p.command(command)["seconds"] for _ in range(bench.repetitions))
    bench.report.history(bench.rows, filled["seconds"], lines, questions)


def start_up(bench: Any) -> None:
    """Short commands through the launcher, beside a plain `java -jar`."""
    home = bench.folder / "h2-256"
    job = home / "jobs" / "bench.yaml"
    plain = [f"{os.environ['JAVA_HOME']}/bin/java", *p.OPTIONS, "-jar", str(p.TARGET / "axonometer.jar")]
    for arguments in (["status"], ["plan", str(job)], ["sql", "select * from round"], ["--help"]):
        where = [] if arguments == ["--help"] else ["--home", str(home)]
        both: dict[str, Any] = {}
        for name, program in {"launcher": [str(p.LAUNCHER)], "plain": plain}.items():
            count = 2 if bench.short else START_UPS
            both[name] = [p.command([*program, *arguments, *where], core=None)["seconds"] for _ in range(count)]
        bench.report.start_up(arguments[0], Spread.of(both["launcher"]), Spread.of(both["plain"]))
