package org.axonometer.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonometer.history.Database;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.subnet.Sha256;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a test's folder knows of its rounds without the database: the nonces a park received, rounds
 * reported as sealed, exported files.
 *
 * @param nonces received, each as often as it came
 * @param sealed {@code <round> of <job>} of each round a program said it sealed
 * @param exported {@code <round> of <job>} and the digest of its scoring inputs, of each file
 */
record Witnesses(List<String> nonces, List<String> sealed, List<String> exported) {
  private static final Pattern SEALED = Pattern.compile("(?m)^round (\\d+ of \\S+): sealed ");
  private static final Pattern EXPORT = Pattern.compile("round-(\\d+)\\.jsonl");
  private static final int DEEPEST = 5;

  static Witnesses of(Path folder) throws IOException {
    List<String> nonces = new ArrayList<>();
    List<String> sealed = new ArrayList<>();
    List<String> exported = new ArrayList<>();
    TestRounds.received(folder).stream().map(ReceivedQuery::nonce).forEach(nonces::add);
    try (Stream<Path> files = Files.find(folder, DEEPEST, (file, is) -> is.isRegularFile())) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.equals("received.log")) {
          Files.readString(file)
              .lines()
              .map(line -> ReceivedQuery.parse(line).nonce())
              .forEach(nonces::add);
        } else if (name.matches("out.*\\.txt|shell.*\\.out")) {
          Matcher line = SEALED.matcher(Files.readString(file));
          while (line.find()) {
            sealed.add(line.group(1));
          }
        } else if (EXPORT.matcher(name).matches()
            && file.getParent().getParent().endsWith("exports")) {
          exported.add(
              "%s of %s %s"
                  .formatted(
                      EXPORT.matcher(name).replaceAll("$1"),
                      file.getParent().getFileName(),
                      Sha256.hex(Files.readAllBytes(file))));
        }
      }
    }
    return new Witnesses(nonces, sealed, exported);
  }

  /**
   * No query left without its durable row, none twice, none that was released; what was reported as
   * sealed is sealed. Rows that retention deleted agree with everything.
   */
  void requireAgreement(Database database) {
    JdbcClient jdbc = JdbcClient.create(database.dataSource());
    long pruned =
        jdbc.sql(
                """
                SELECT COUNT(*) FROM seal l
                 WHERE NOT EXISTS (SELECT 1 FROM round r WHERE r.round_id = l.round_id AND r.pruned_at IS NULL)
                """)
            .query(Long.class)
            .single();
    assertThat(nonces).as("nonces an axon received").doesNotHaveDuplicates();
    if (pruned == 0) {
      assertThat(
              new HashSet<>(
                  jdbc.sql("SELECT nonce FROM synapse_history WHERE state <> 'RELEASED'")
                      .query((row, n) -> row.getString("nonce"))
                      .list()))
          .as("nonces with a row of a query that left")
          .containsAll(nonces);
    }
    assertThat(
            jdbc.sql("SELECT round_id || ' of ' || job AS name FROM seal")
                .query((row, n) -> row.getString("name"))
                .list())
        .as("sealed rounds")
        .containsAll(sealed);
    assertThat(
            jdbc.sql("SELECT round_id || ' of ' || job || ' ' || inputs_sha256 AS name FROM seal")
                .query((row, n) -> row.getString("name"))
                .list())
        .as("sealed inputs")
        .containsAll(exported);
  }
}
