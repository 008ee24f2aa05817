"""From repetitions to figures: medians with their spread, times against the server's own, order against time."""

import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any, Iterable

Line = dict[str, Any]


@dataclass
class Spread:
    """A median and the least and greatest of the repetitions."""

    median: float
    least: float
    greatest: float

    @staticmethod
    def of(values: Iterable[float]) -> "Spread":
        """Of nothing it is nothing: nobody answered."""
        found = sorted(values) or [math.nan]
        return Spread(median(found), found[0], found[-1])

    def text(self, form: str = "{:,.0f}") -> str:
        return f"{form.format(self.median)} ({form.format(self.least)}–{form.format(self.greatest)})"


@dataclass
class Throughput:
    queries_per_second: Spread
    cpu_micros: Spread
    seconds: Spread
    peak_mb: int
    unanswered: int

    @staticmethod
    def of(lines: list[Line]) -> "Throughput":
        unanswered = sum(line["targets"] - line["ok"] for line in lines)
        if unanswered:
            print(f"bench: {unanswered} targets were not answered", file=sys.stderr, flush=True)
        return Throughput(
            Spread.of(line["targets"] / line["seconds"] for line in lines),
            Spread.of(line["cpu_seconds"] / line["targets"] * 1e6 for line in lines),
            Spread.of(line["seconds"] for line in lines),
            max(line["peak_mb"] for line in lines),
            unanswered,
        )


@dataclass
class Time:
    """One answered query: its place in the order, seconds as recorded, seconds by the server's clock."""

    place: int
    recorded: float
    served: float


def times(line: Line) -> list[Time]:
    """Of a repetition of the peer, or of a round of ours, from its exported file."""
    if "times" in line:
        return [Time(*time) for time in line["times"]]
    found = []
    for text in Path(line["file"]).read_text(encoding="utf-8").splitlines():
        row = json.loads(text)
        if row["outcome"] == "OK":
            found.append(Time(row["position"], row["total_nanos"] / 1e9, float(row["claimed_process_time"])))
    return found


@dataclass
class Error:
    """Recorded time minus the server's own, in milliseconds, over all repetitions; at how many in flight at the axons."""

    median: float
    p99: float
    greatest: float
    p99_of_each: Spread
    peak_in_flight: Spread
    unanswered: int

    @staticmethod
    def of(lines: list[Line]) -> "Error":
        each = [sorted((time.recorded - time.served) * 1e3 for time in times(line)) for line in lines]
        together = sorted(value for values in each for value in values) or [math.nan]
        return Error(
            median(together),
            at(together, 0.99),
            together[-1],
            Spread.of(at(values, 0.99) for values in each if values),
            Spread.of(line["peak_in_flight"] for line in lines),
            sum(line["targets"] - line["ok"] for line in lines),
        )


def at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass
class Bias:
    """Spearman's rank correlation of place and time, and the last quarter's median over the first's.

    The mean's sigma is that of the repetitions over the root of their number: what chance alone makes of it.
    """

    rho: float
    sigma: float
    rho_of_each: Spread
    quarters: float
    repetitions: int
    answered: int
    peak_in_flight: Spread

    @staticmethod
    def of(lines: list[Line]) -> "Bias":
        rhos, quarters, answered = [], [], 0
        for line in lines:
            ordered = sorted(times(line), key=lambda time: time.place)
            if len(ordered) < 8:
                continue
            answered += len(ordered)
            rhos.append(spearman([time.recorded for time in ordered]))
            quarter = len(ordered) // 4
            first = median(time.recorded for time in ordered[:quarter])
            last = median(time.recorded for time in ordered[-quarter:])
            quarters.append(last / first)
        sigma = stdev(rhos) / len(rhos) ** 0.5 if len(rhos) > 1 else math.nan
        peak = Spread.of(line["peak_in_flight"] for line in lines)
        return Bias(mean(rhos or [math.nan]), sigma, Spread.of(rhos), Spread.of(quarters).median, len(rhos), answered, peak)


def spearman(values: list[float]) -> float:
    """Of values against their own places."""
    count = len(values)
    ranks = [0.0] * count
    for rank, place in enumerate(sorted(range(count), key=values.__getitem__)):
        ranks[place] = rank
    distance = sum((rank - place) ** 2 for place, rank in enumerate(ranks))
    return 1 - 6 * distance / (count * (count * count - 1))
