#!/usr/bin/env python3
"""Prints the characters that repr() shows as themselves in the Python that runs this.

  printable_ranges.py                   all of them, as ranges of hexadecimal code points
  printable_ranges.py OUTPUT-OF-OLDER   those that an older Python did not show yet

The lists in PythonVersion.java are outputs of the second form, each from one release to the next;
PythonVersionIT compares them with every Python it finds.
"""

import sys
from pathlib import Path


def ranges(points):
    found = []
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return found


def written(first, last):
    return f"{first:x}" if first == last else f"{first:x}-{last:x}"


def read(text):
    points = set()
    for word in text.split():
        first, _, last = word.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


def main(arguments):
    if arguments in (["-h"], ["--help"]):
        print("usage: printable_ranges.py [OUTPUT-OF-OLDER]\n\n" + __doc__.strip())
        return 0
    if len(arguments) > 1 or any(a.startswith("-") for a in arguments):
        print(__doc__.strip(), file=sys.stderr)
        return 1
    older = read(Path(arguments[0]).read_text()) if arguments else set()
    printable = (p for p in range(sys.maxunicode + 1) if p not in older and chr(p).isprintable())
    print("\n".join(written(*r) for r in ranges(printable)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
