"""What grows: the targets of a round, the rows of the history. And how long a command takes to start."""

import os
from typing import Any

import processes as p
from figures import Spread

HEAP = "-Xmx256m"
START_UPS = 10


def targets(bench: Any) -> None:
    """Processor time and memory per target of ever larger rounds, with a small heap."""
    for size in [500, 2_000] if bench.short else [1_000, 10_000, 50_000]:
        files = bench.files(f"growth-{size}", {p.AT_ONCE: size}, concurrency=256)
        lines = p.rounds(files, bench.repetitions, bench.warm_up(), HEAP)
        database = sum(file.stat().st_size for file in (files / "db").glob("*.mv.db"))
        asked = bench.warm_up() * 256 + (1 + bench.repetitions) * size
        bench.report.growth(size, lines, database / asked)


def history(bench: Any, rows: int) -> None:
    """Rounds and questions on a long history."""
    files = bench.files(f"history-{rows}", {p.AT_ONCE: 256}, concurrency=256)
    filled = p.lines(p.java("bench.HistoryFill", str(files), str(rows), options=["-Xmx1g"]))[0]
    with p.axons():
        lines = p.rounds(files, bench.repetitions, bench.warm_up(), HEAP)
    database = sum(file.stat().st_size for file in (files / "db").glob("*.mv.db"))
    questions = {}
    for name in ["status", "rounds"]:
        command = [str(p.LAUNCHER), name, "--home", str(files)]
        questions[name] = Spread.of(p.command(command)["seconds"] for _ in range(bench.repetitions))
    bench.report.history(rows, filled["seconds"], database, lines, questions)


def start_up(bench: Any) -> None:
    """Short commands through the launcher, beside a plain `java -jar`."""
    home = bench.folder / "h2-256"
    job = home / "jobs" / "bench.yaml"
    plain = [f"{os.environ['JAVA_HOME']}/bin/java", *p.OPTIONS, "-jar", str(p.TARGET / "axonometer.jar")]
    commands = [["status"], ["--help"], ["plan", str(job)], ["sql", "select * from round"]]
    for arguments in commands[:2] if bench.short else commands:
        where = [] if arguments == ["--help"] else ["--home", str(home)]
        launcher, compared = [], []
        # One after the other, so that whatever else the machine does meets both.
        for _ in range(2 if bench.short else START_UPS):
            launcher.append(p.command([str(p.LAUNCHER), *arguments, *where], core=None)["seconds"])
            compared.append(p.command([*plain, *arguments, *where], core=None)["seconds"])
        bench.report.start_up(arguments[0], Spread.of(launcher), Spread.of(compared))
