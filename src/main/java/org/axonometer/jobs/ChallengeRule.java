package org.axonometer.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where the request fields of a job's rounds come from that are not constants. Fields that the
 * source does not give keep the constants of the synapse block.
 *
 * @param per whether every target gets its own, or all of a round share one
 */
public record ChallengeRule(Source source, Per per, Limits limits) {

  /** Who gets the same fields. */
  public enum Per {
    TARGET,
    ROUND
  }

  /**
   * What making the challenges of one round may take.
   *
   * @param timeout of a statement or a command
   * @param maxBytes what a file or a command gives, and all challenges of a round as JSON together
   * @param maxBodyBytes one challenge's fields as JSON
   */
  public record Limits(Duration timeout, int maxBytes, int maxBodyBytes) {

    public Limits {
      if (!timeout.isPositive() || maxBytes <= 0 || maxBodyBytes <= 0) {
        throw new IllegalArgumentException(
            "limits must be above 0, were %s, %d, %d".formatted(timeout, maxBytes, maxBodyBytes));
      }
    }
  }

  /** One of the four kinds of source. */
  public sealed interface Source {}

  /**
   * Texts with {@code {names}} in them.
   *
   * @param fields by request field; not to be changed
   */
  public record Template(ObjectNode fields) implements Source {}

  /**
   * A file with a JSON object of fields on each line.
   *
   * @param file absolute
   * @param shuffleSeed decides the order when shuffled
   * @param repeats whether the file is begun again when it is used up; if not, the round is refused
   */
  public record Lines(Path file, Order order, long shuffleSeed, boolean repeats)
      implements Source {}

  /** In which order lines are handed out; a round begins where the job's last one ended. */
  public enum Order {
    SEQUENTIAL,
    SHUFFLED
  }

  /** A statement on the history whose columns are fields; it can only read. */
  public record Query(String sql) implements Source {}

  /**
   * A program that gets the targets on its input and prints a JSON object of fields for each.
   *
   * @param words the program and its arguments; no shell reads them
   * @param folder where it is started; absolute
   */
  public record Command(List<String> words, Path folder) implements Source {

    public Command {
      words = List.copyOf(words);
    }
  }
}
