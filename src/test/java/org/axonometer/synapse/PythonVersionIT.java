package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our lists of printable characters beside those of every CPython on this machine. */
class PythonVersionIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {9, 10, 11, 12, 13, 14})
  void knowsEveryCharacterThatReleasePrints(int minor) {
    String python =
        List.of("python3." + minor, "python3").stream()
            .filter(
                name ->
                    PythonProcess.runs(
                        name, "import sys; assert sys.version_info[:2] == (3, " + minor + ")"))
            .findFirst()
            .orElse("");
    Assumptions.assumeTrue(
        !python.isEmpty(), "skipped: needs python3." + minor + " or such a python3 on PATH");
    PythonVersion version =
        switch (minor) {
          case 9, 10 -> PythonVersion.PYTHON_3_10;
          case 11 -> PythonVersion.PYTHON_3_11;
          case 12 -> PythonVersion.PYTHON_3_12;
          case 13 -> PythonVersion.PYTHON_3_13;
          default -> PythonVersion.PYTHON_3_14;
        };

    BitSet theirs = new BitSet();
    for (String range :
        PythonProcess.output(folder, python, Path.of("scripts/printable_ranges.py"))) {
      String[] ends = range.split("-", -1);
      int last = Integer.parseInt(ends[ends.length - 1], 16);
      theirs.set(Integer.parseInt(ends[0], 16), last + 1);
    }

    BitSet ours =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(version::prints)
            .collect(BitSet::new, BitSet::set, BitSet::or);
    assertThat(ours.cardinality()).isPositive();
    ours.xor(theirs);
    assertThat(ours.stream().mapToObj(Integer::toHexString)).isEmpty();
  }
}
