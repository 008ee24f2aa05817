#!/usr/bin/env python3
"""usage: scripts/score-example.py FILE.jsonl...

Scores from JSONL exports (docs/scoring-inputs.md): per hotkey a moving average over its rounds, oldest first, of 1 for
OK and 0 for everything else that counts. What is not in the denominator is our own fault and changes nothing, nor does
a round without the hotkey. Prints the score, the counted rounds and the hotkey, best first, tabs between. Give it the
files of one job, without its follow-ups if they are not to count. An example to start from: let a right or a quick
answer (fields, total_nanos) count for more.
"""
import json
import sys

HALF_LIFE_ROUNDS = 20  # after so many counted rounds a result weighs half


def scores(lines, half_life=HALF_LIFE_ROUNDS):
    inputs = {(row["round"], row["hotkey"]): row for row in map(json.loads, lines)}  # each once, however often exported
    keep = 0.5 ** (1 / half_life)
    sums = {}  # hotkey: weighted sum, weight, counted rounds
    for (_, hotkey), row in sorted(inputs.items()):
        if row["version"] != 1:
            raise SystemExit(f"score-example.py: round {row['round']} has version {row['version']}, this reads 1")
        if row["in_denominator"]:
            total, weight, rounds = sums.get(hotkey, (0.0, 0.0, 0))
            sums[hotkey] = (keep * total + (row["outcome"] == "OK"), keep * weight + 1, rounds + 1)
    return sorted(((total / weight, rounds, hotkey) for hotkey, (total, weight, rounds) in sums.items()), reverse=True)


if __name__ == "__main__":
    files = sys.argv[1:]
    if not files or files[0] in ("-h", "--help"):
        print(__doc__.strip())
        sys.exit(0 if files else 1)
    lines = (line for name in files for line in open(name, encoding="ascii"))
    for score, rounds, hotkey in scores(lines):
        print(f"{score:.4f}\t{rounds}\t{hotkey}")
