"""The processes of a benchmark: Java programs of the test tree, the peer, the server they ask, PostgreSQL."""

import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "target"
LAUNCHER = ROOT / "scripts" / "axonometer"
PORT = 18700
CLIENT_CORE, SERVER_CORE = "0", "1"
# PostgreSQL has a core of its own where there is a third one, else that of the axons: what it costs is not hidden in
# our figures, and what it takes from the axons is in theirs.
DATABASE_CORE = "2" if (os.cpu_count() or 1) > 2 else SERVER_CORE
BESIDE_AXONS = ", on the axons' core" if DATABASE_CORE == SERVER_CORE else ""
# As scripts/axonometer starts it.
OPTIONS = [
    "-XX:OnOutOfMemoryError=kill -9 %p",
    "-XX:+DisableAttachMechanism",
    "-ea:jdk.internal.net.http.ResponseContent",
    "-Djdk.serialFilter=!*",
    "-Djava.awt.headless=true",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Xlog:disable",
]
# What an axon is, by the second number of its address.
AT_ONCE, AFTER_50_MS, AFTER_1_S, NEVER = 1, 2, 3, 9

Line = dict[str, Any]


def pinned(core: str, command: list[str]) -> list[str]:
    return ["taskset", "-c", core, *command] if (os.cpu_count() or 1) > 1 else command


def java(main: str, *arguments: str, options: list[str] | None = None) -> list[str]:
    """A program of the test tree, with the libraries of the tests."""
    jars = (TARGET / "bench" / "classpath").read_text(encoding="utf-8").strip()
    return started(f"{TARGET / 'test-classes'}:{TARGET / 'classes'}:{jars}", main, *arguments, options=options)


def of_the_jar(main: str, *arguments: str, options: list[str] | None = None) -> list[str]:
    """A program of the test tree on the real jar and the launcher's start-up cache, and on nothing else.

    Java takes the cache only when the paths of the classes begin as those it was made of, so the program lies beside the jar.
    """
    app = TARGET / "bench" / "cache" / "app"
    with_cache = [f"-XX:AOTCache={app.parent / 'classes.aot'}", "-XX:AOTMode=on", *(options or [])]
    return started(f"{app / 'axonometer.jar'}:{app / 'test-classes'}", main, *arguments, options=with_cache)


def copy_cache() -> None:
    """The launcher's newest cache, with the test tree beside its jar."""
    cache = TARGET / "bench" / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    newest = max((TARGET / "start-up").glob("[0-9]*"), key=lambda made: made.stat().st_mtime)
    shutil.copytree(newest, cache)
    (cache / "app" / "test-classes").symlink_to(TARGET / "test-classes")


def started(path: str, main: str, *arguments: str, options: list[str] | None) -> list[str]:
    program = str(Path(os.environ["JAVA_HOME"]) / "bin" / "java")
    return [program, *OPTIONS, *(options or []), "-cp", path, f"org.axonometer.{main}", *arguments]


def lines(command: list[str], env: dict[str, str] | None = None, core: str = CLIENT_CORE) -> list[Line]:
    """The lines of JSON a program prints, while it has a core of its own."""
    ended = subprocess.run(
        pinned(core, command),
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise SystemExit(f"bench: {' '.join(command)[-200:]} ended with {ended.returncode}:\n{ended.stderr[-3000:]}")
    return [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]


@contextmanager
def listening(command: list[str], core: str = SERVER_CORE) -> Iterator[list[str]]:
    """A server, from its line "listening" on; what it printed before."""
    with tempfile.TemporaryFile("w+") as errors:
        server = subprocess.Popen(
            pinned(core, command),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            said = []
            for line in server.stdout or []:
                if line.strip() == "listening":
                    break
                said.append(line.strip())
            else:
                errors.seek(0)
                raise SystemExit(f"bench: {command[-1]} did not start:\n{errors.read()[-3000:]}")
            yield said
        finally:
            if server.stdin:
                server.stdin.close()
            try:
                server.wait(timeout=2)
            except subprocess.TimeoutExpired:
                server.terminate()
                server.wait()


def axons() -> Any:
    return listening(java("bench.FastAxons", str(PORT), options=["-Xmx1g"]))


@contextmanager
def postgres() -> Iterator[dict[str, str]]:
    """What a program needs to use it, and its version."""
    with listening(java("bench.PostgresServer"), DATABASE_CORE) as said:
        yield dict(line.split("=", 1) for line in said if "=" in line)


def files(folder: Path, kinds: dict[int, int], concurrency: int | None = None, timeout: str = "12s") -> Path:
    """The snapshot, wallet and job of a round over so many axons of each kind."""
    most = concurrency or min(4096, sum(kinds.values()))
    dealt = [str(number) for kind in kinds.items() for number in kind]
    lines(java("bench.BenchFiles", str(folder), str(PORT), str(most), timeout, *dealt))
    return folder


def rounds(
    folder: Path, count: int, warm_up: int, heap: str = "-Xmx512m", database: dict[str, str] | None = None
) -> list[Line]:
    """Rounds in one process, after so many of 256 axons that answer at once and a first of their own."""
    command = of_the_jar("bench.Rounds", str(folder), str(PORT), str(1 + count), str(warm_up), options=[heap])
    return lines(command, database)[1:]


def asking(kind: str, folder: Path, count: int, warm_up: int) -> list[Line]:
    command = of_the_jar("rounds.AskingBench", kind, str(folder), str(warm_up + count), options=["-Xmx512m"])
    return lines(command)[warm_up:]


def peer(folder: Path, count: int, timeout: float = 12.0) -> list[Line]:
    python = TARGET / "interop" / "python" / "bin" / "python"
    command = [str(python), str(ROOT / "scripts/bench.d/peer.py"), str(folder / "snapshot.json"), str(timeout), str(count)]
    return lines(command, {"BT_NO_PARSE_CLI_ARGS": "1", "PYTHONDONTWRITEBYTECODE": "1"})


def command(arguments: list[str], core: str | None = CLIENT_CORE) -> Line:
    """A whole command: its time, and the processor time of all it started."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ended = subprocess.run(
        pinned(core, arguments) if core else arguments, cwd=ROOT, capture_output=True, text=True, check=False
    )
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode not in (0, 2):
        raise SystemExit(f"bench: {' '.join(arguments)[-200:]} ended with {ended.returncode}:\n{ended.stderr[-3000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": took, "cpu_seconds": cpu}
