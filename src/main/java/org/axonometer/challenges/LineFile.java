package org.axonometer.challenges;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.axonometer.jobs.ChallengeRule;
import org.axonometer.jobs.ChallengeRule.Limits;
import org.axonometer.jobs.ChallengeRule.Order;
import org.axonometer.subnet.Sha256;

/**
 * A file of challenges, read once: a JSON object on each line, empty lines left out. The n-th line
 * that a job hands out is decided by the file and the order alone.
 */
final class LineFile {
  private static final HexFormat HEX = HexFormat.of();

  private final ChallengeRule.Lines rule;
  private final Limits limits;
  private final List<ChallengeLines.Line> lines;
  private final String source;

  private LineFile(
      ChallengeRule.Lines rule, Limits limits, List<ChallengeLines.Line> lines, String source) {
    this.rule = rule;
    this.limits = limits;
    this.lines = lines;
    this.source = source;
  }

  static LineFile read(ChallengeRule.Lines rule, Limits limits) {
    byte[] bytes = bytes(rule.file(), limits.maxBytes());
    List<ChallengeLines.Line> lines =
        ChallengeLines.of(bytes).stream().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty()) {
      throw new ChallengeException(shown(rule.file()) + ": has no lines");
    }
    return new LineFile(rule, limits, lines, source(rule, bytes));
  }

  private static byte[] bytes(Path file, int most) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new ChallengeException(shown(file) + ": not a regular file; name a file of JSON lines");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new ChallengeException(
            "%s: larger than the %d bytes of challenge.max-size".formatted(shown(file), most));
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new ChallengeException(shown(file) + ": no such file", e);
    } catch (IOException e) {
      throw new ChallengeException(shown(file) + ": cannot be read; check who may read it", e);
    }
  }

  /**
   * What the cursor belongs to. Lines may be added to a file that is read in its own order; one
   * that is shuffled is another one when it changes.
   */
  private static String source(ChallengeRule.Lines rule, byte[] bytes) {
    return switch (rule.order()) {
      case SEQUENTIAL -> "lines " + HEX.formatHex(ChallengeSeed.sha256(rule.file().toString()));
      case SHUFFLED ->
          "shuffled "
              + HEX.formatHex(ChallengeSeed.sha256(rule.shuffleSeed() + ":" + Sha256.hex(bytes)));
    };
  }

  /** What the cursor of this file is stored under. */
  String source() {
    return source;
  }

  /**
   * The next lines after those handed out.
   *
   * @throws ChallengeException when the file is used up and may not be begun again
   */
  List<Given> after(long handedOut, int count) {
    if (!rule.repeats() && handedOut + count > lines.size()) {
      throw new ChallengeException(
          "%s: %d of its %d lines are used up and %d are needed; add lines, or write repeats: true"
              .formatted(
                  shown(rule.file()), Math.min(handedOut, lines.size()), lines.size(), count));
    }
    Map<Long, List<ChallengeLines.Line>> passes = new HashMap<>();
    List<Given> given = new ArrayList<>(count);
    for (long n = handedOut; n < handedOut + count; n++) {
      List<ChallengeLines.Line> pass =
          passes.computeIfAbsent(n / lines.size(), number -> inOrder(number));
      given.add(parsed(pass.get((int) (n % lines.size()))));
    }
    return given;
  }

  private Given parsed(ChallengeLines.Line line) {
    String place = shown(rule.file()) + ":" + line.number();
    return new Given(JsonLine.object(line.bytes(), limits.maxBodyBytes(), place), place);
  }

  /** Each pass over a shuffled file has an order of its own. */
  private List<ChallengeLines.Line> inOrder(long pass) {
    if (rule.order() == Order.SEQUENTIAL) {
      return lines;
    }
    return lines.stream().sorted(Comparator.comparing(line -> key(pass, line))).toList();
  }

  private String key(long pass, ChallengeLines.Line line) {
    return HEX.formatHex(
        ChallengeSeed.sha256("line:%d:%d:%d".formatted(rule.shuffleSeed(), pass, line.number())));
  }

  private static String shown(Path file) {
    return Shown.text(file.toString());
  }
}
