package org.axonometer.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.axonometer.jobs.JobDefinition.Ending;
import org.axonometer.metagraph.ChainFetch;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.synapse.PythonType;
import org.axonometer.synapse.Streaming;
import org.axonometer.synapse.SynapseType;
import org.axonometer.targets.AddressBackOff;
import org.axonometer.targets.AddressGuard;
import org.axonometer.targets.Cidr;
import org.axonometer.targets.Limits;
import org.axonometer.targets.Listing;
import org.axonometer.targets.OnePer;
import org.axonometer.targets.Pick;
import org.axonometer.targets.Selection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.node.JsonNodeFactory;

class JobFileTest {
  static final Path FILE = Path.of("jobs/probe.yaml");
  private static final Path FOLDER = Path.of("jobs").toAbsolutePath();
  private static final String HOTKEY = new Ss58Address(Ss58Address.of(new byte[32]).text()).text();
  private static final String OTHER_HOTKEY =
      Ss58Address.of("another hotkey of thirty-two byte".substring(0, 32).getBytes(UTF_8)).text();

  /** Ten lines; what a test adds starts in line 11. */
  static final String SMALLEST =
      """
      network: finney
      netuid: 1
      snapshot:
        file: snapshot.json
      synapse:
        name: Dummy
        request:
          dummy_input: {type: int, value: 7}
        response:
          dummy_output: optional[int]
      """;

  @Test
  void smallestJobHasEveryDefault() {
    JobDefinition job = JobFile.parse(SMALLEST, FILE);

    assertThat(job.name()).isEqualTo("probe");
    assertThat(job.description()).isEmpty();
    assertThat(job.network()).isEqualTo("finney");
    assertThat(job.netuid()).isEqualTo(new NetUid(1));
    assertThat(job.snapshot())
        .isEqualTo(
            new JobDefinition.SnapshotSource(
                new JobDefinition.SnapshotSource.File(FOLDER.resolve("snapshot.json")),
                Optional.empty(),
                JobDefinition.SnapshotSource.WhenStale.REFUSE));
    assertThat(job.wallet())
        .isEqualTo(
            new JobDefinition.Wallet(
                Path.of(System.getProperty("user.home"), ".bittensor", "wallets"),
                "default",
                "default"));
    assertThat(job.synapse())
        .isEqualTo(
            new SynapseType(
                "Dummy",
                List.of(new SynapseType.Field("dummy_input", PythonType.Plain.INT, true, null)),
                List.of(
                    new SynapseType.Field(
                        "dummy_output",
                        new PythonType.OptionalOf(PythonType.Plain.INT),
                        false,
                        null)),
                List.of()));
    assertThat(job.fields()).isEqualTo(JsonNodeFactory.instance.objectNode().put("dummy_input", 7));
    assertThat(job.selection())
        .isEqualTo(
            new Selection(
                Listing.NOBODY,
                Listing.NOBODY,
                Limits.NONE,
                new AddressGuard(
                    List.of(), List.of(), Set.of(22, 25, 53, 5432, 6379), AddressGuard.Own.UNKNOWN),
                new AddressBackOff(Duration.ofHours(1)),
                Set.of(),
                new Pick.All()));
    assertThat(job.asking())
        .isEqualTo(
            new JobDefinition.Asking(
                Duration.ofSeconds(12),
                64,
                4,
                4,
                1,
                Duration.ofMinutes(10),
                "0.0.0.0",
                new JobDefinition.Retrying(
                    Set.of(), Duration.ofSeconds(1), JobDefinition.Unknown.LEAVE)));
    assertThat(job.storing())
        .isEqualTo(new JobDefinition.Storing(JobDefinition.Bodies.ALL, 1_048_576));
    assertThat(job.scoring()).isEqualTo(new JobDefinition.Scoring(Map.of(), 0.0));
    assertThat(job.source()).isEqualTo(SMALLEST);
  }

  static String everyKey() {
    return """
    description: Text probe
    network: test
    netuid: 35
    snapshot: {file: ../snapshots/test-35.json, max-age: 36h}
    wallet: {path: ~/wallets, name: validator, hotkey: probe}
    synapse:
      name: Prompt
      models:
        Role:
          name: str
          weight: {type: float, default: 1}
        Message:
          role: {type: Role, required: true}
          content: {type: str, default: ""}
      request:
        messages:
          type: list[Message]
          value:
            - role: {name: user}
              content: Which rivers cross a border?
        depth: {type: int, default: 3, required: false}
      response:
        completion: {type: str, required: true}
        tokens: {type: int, required: false, default: 0}
      hash-fields: [depth, messages]
      hash-order: class
      streaming: true
      stream-parser: text
      stream-field: completion
    challenge:
      from: template
      fields: {depth: "{uid}"}
    select:
      who: listed
      uids: [3, 17]
      hotkeys: [%s]
      exclude-uids: [18]
      exclude-hotkeys: [%s]
      vpermit-tao-limit: 4096
      min-stake: 1
      max-stake: 1000000
      min-age-blocks: 7200
      silent-after: 6h
      silent-pause: 12h
      one-per: [coldkey, network]
      allow-addresses: [127.0.0.0/8]
      deny-addresses: [8.8.8.8/32]
      deny-ports: [22]
      address-back-off: 30m
    ask:
      timeout: 1500ms
      concurrency: 8
      per-address: 6
      partitions: 2
      max-attempts: 3
      round-deadline: 1h
      dendrite-ip: 203.0.113.7
      retry: [TIMED_OUT, UNREACHABLE]
      back-off: 500ms
      unknown: ask-again
    store: {bodies: ok, max-response: 64KiB}
    score:
      fields: {second: /tokens, uid: /completion}
      success-threshold: 0.5
    schedule:
      cron: "0 */10 * * * ?"
      zone: Europe/Berlin
      jitter: 5s
      overlap: queue
      misfire: run-once
      start-deadline: 5m
    keep: {bodies: 7d, rows: 90d}
    on-failure: {command: [python3, alert.py], timeout: 3s}
    """
        .formatted(HOTKEY, OTHER_HOTKEY);
  }

  @Test
  void takesAFreshSnapshotForEachRoundWhenItSaysFetch() {
    String start = SMALLEST.replace("  file: snapshot.json\n", "");
    JobDefinition bare = JobFile.parse(start.replace("snapshot:", "snapshot: fetch"), FILE);
    assertThat(bare.snapshot().origin())
        .isEqualTo(
            new JobDefinition.SnapshotSource.Chain(
                ChainFetch.of("finney", List.of(), ChainFetch.TIMEOUT)));

    JobDefinition own =
        JobFile.parse(
            start
                .replace("network: finney", "network: lab")
                .replace(
                    "snapshot:",
                    "snapshot: {from: fetch, endpoints: [\"ws://127.0.0.1:9\"], timeout: 3s,"
                        + " when-stale: warn}"),
            FILE);
    assertThat(own.snapshot())
        .isEqualTo(
            new JobDefinition.SnapshotSource(
                new JobDefinition.SnapshotSource.Chain(
                    new ChainFetch(
                        "lab",
                        List.of(java.net.URI.create("ws://127.0.0.1:9")),
                        Duration.ofSeconds(3))),
                Optional.empty(),
                JobDefinition.SnapshotSource.WhenStale.WARN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "snapshot: fetch | network: moon | no endpoint of network \"moon\" is known; add endpoints",
        "snapshot: {from: fetch, file: x} | | snapshot.file has no meaning with from: fetch",
        "snapshot: {file: x, endpoints: [\"ws://x\"]} | | snapshot.endpoints has no meaning here",
        "snapshot: {file: x, timeout: 3s} | | snapshot.timeout has no meaning here",
        "snapshot: {from: fetch, endpoints: [\"ftp://x\"]} | | write ws://, wss://, http://",
        "snapshot: {from: fetch, when-stale: never} | | write refuse or warn",
        "snapshot: chain | | write file or fetch",
      })
  void refusesASnapshotBlockThatContradictsItself(String block, String network, String reason) {
    String start = SMALLEST.replace("  file: snapshot.json\n", "").replace("snapshot:", block);
    String yaml = network == null ? start : start.replace("network: finney", network);
    assertThatThrownBy(() -> JobFile.parse(yaml, FILE))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void readsEveryKey() throws IOException {
    JobDefinition job = JobFile.parse(everyKey(), FILE);

    assertThat(job.description()).isEqualTo("Text probe");
    assertThat(job.snapshot())
        .isEqualTo(
            new JobDefinition.SnapshotSource(
                new JobDefinition.SnapshotSource.File(
                    FOLDER.resolveSibling("snapshots/test-35.json")),
                Optional.of(Duration.ofHours(36)),
                JobDefinition.SnapshotSource.WhenStale.REFUSE));
    assertThat(job.wallet())
        .isEqualTo(
            new JobDefinition.Wallet(
                Path.of(System.getProperty("user.home"), "wallets"), "validator", "probe"));
    assertThat(job.synapse().hashFields()).containsExactly("messages", "depth");
    assertThat(job.synapse().requestFields())
        .extracting(SynapseType.Field::required)
        .containsExactly(true, false);
    assertThat(job.synapse().responseFields())
        .extracting(SynapseType.Field::required)
        .containsExactly(true, false);
    assertThat(job.fields().toString())
        .isEqualTo(
            "{\"messages\":[{\"role\":{\"name\":\"user\"},"
                + "\"content\":\"Which rivers cross a border?\"}],\"depth\":3}");
    assertThat(job.selection())
        .isEqualTo(
            new Selection(
                new Listing(Set.of(new Uid(3), new Uid(17)), Set.of(new Ss58Address(HOTKEY))),
                new Listing(Set.of(new Uid(18)), Set.of(new Ss58Address(OTHER_HOTKEY))),
                new Limits(
                    OptionalLong.of(4096),
                    OptionalLong.of(1),
                    OptionalLong.of(1_000_000),
                    OptionalLong.of(7200),
                    Optional.of(new Limits.Silence(Duration.ofHours(6), Duration.ofHours(12)))),
                new AddressGuard(
                    List.of(new Cidr(InetAddress.getByAddress(new byte[] {127, 0, 0, 0}), 8)),
                    List.of(Cidr.parse("8.8.8.8/32")),
                    Set.of(22),
                    AddressGuard.Own.UNKNOWN),
                new AddressBackOff(Duration.ofMinutes(30)),
                Set.of(OnePer.COLDKEY, OnePer.NETWORK),
                new Pick.All()));
    assertThat(job.asking())
        .isEqualTo(
            new JobDefinition.Asking(
                Duration.ofMillis(1_500),
                8,
                6,
                2,
                3,
                Duration.ofHours(1),
                "203.0.113.7",
                new JobDefinition.Retrying(
                    Set.of(Ending.TIMED_OUT, Ending.UNREACHABLE),
                    Duration.ofMillis(500),
                    JobDefinition.Unknown.ASK_AGAIN)));
    assertThat(job.storing()).isEqualTo(new JobDefinition.Storing(JobDefinition.Bodies.OK, 65_536));
    assertThat(job.scoring().successThreshold()).isEqualTo(0.5);
    assertThat(job.schedule())
        .contains(
            new JobSchedule(
                Cron.parse("0 */10 * * * ?", ZoneId.of("Europe/Berlin")),
                Duration.ofSeconds(5),
                JobSchedule.Overlap.QUEUE,
                JobSchedule.Misfire.RUN_ONCE,
                Optional.of(Duration.ofMinutes(5))));
    assertThat(job.keeping())
        .isEqualTo(
            new JobDefinition.Keeping(
                Optional.of(Duration.ofDays(7)), Optional.of(Duration.ofDays(90))));
    assertThat(job.onFailure())
        .contains(
            new FailureHook(
                new FailureHook.Command(List.of("python3", "alert.py"), FOLDER),
                Duration.ofSeconds(3)));
    assertThat(job.scoring().fields())
        .containsExactly(
            Map.entry("second", JsonPointer.compile("/tokens")),
            Map.entry("uid", JsonPointer.compile("/completion")));
  }

  @Test
  void frozenTextGivesAnEqualDefinition(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("probe.yml"), everyKey());

    JobDefinition read = JobFile.read(file);
    Files.delete(file);

    assertThat(JobFile.parse(read.source(), file)).isEqualTo(read);
    assertThat(read.name()).isEqualTo("probe");
    assertThat(read.snapshot().origin())
        .isEqualTo(
            new JobDefinition.SnapshotSource.File(
                folder.toAbsolutePath().resolveSibling("snapshots/test-35.json")));
  }

  @Test
  void hashIsThatOfTheTextsUtf8Bytes() {
    // sha256sum of the ten lines
    assertThat(JobFile.parse(SMALLEST, FILE).sha256())
        .isEqualTo("a3bbd38664c0abbdcb1da200518df130163d5cfcdbc901c552c8c9f477be5e7f");
  }

  @Test
  void samplesWhenASizeIsGiven() {
    JobDefinition job = JobFile.parse(SMALLEST + "select: {who: sample, size: 64}\n", FILE);

    assertThat(job.selection().pick()).isEqualTo(new Pick.Sample(64));
  }

  @Test
  void homeFolderAloneIsAPath() {
    JobDefinition job = JobFile.parse(SMALLEST + "wallet: {path: \"~\"}\n", FILE);

    assertThat(job.wallet().path()).isEqualTo(Path.of(System.getProperty("user.home")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ask: {timeout: 12} | ask.timeout is "12"; write a duration with a unit, 100ms to 10m (for example 12s)
          ask: {timeout: 99ms} | ask.timeout is "99ms"; write a duration with a unit, 100ms to 10m (for example 12s)
          ask: {timeout: 601s} | ask.timeout is "601s"; write a duration with a unit, 100ms to 10m (for example 12s)
          ask: {timeout: 1.5s} | ask.timeout is "1.5s"; write a duration with a unit, 100ms to 10m (for example 12s)
          ask: {timeout: 999999999999d} | ask.timeout is "999999999999d"; write a duration with a unit, 100ms to 10m (for example 12s)
          ask: {timeout: } | ask.timeout is empty; write a duration with a unit, 100ms to 10m (for example 12s)
          ask: {timeout: [12s]} | ask.timeout is a list; write a duration with a unit, 100ms to 10m (for example 12s)
          ask: {timeout: {s: 12}} | ask.timeout is a mapping; write a duration with a unit, 100ms to 10m (for example 12s)
          keep: {rows: 59m} | keep.rows is "59m"; write a duration with a unit, 1h to 3650d (for example 90d)
          on-failure: {timeout: 3s} | on-failure names nobody to tell, or two; write command (for example [python3, alert.py]) or url, not both
          on-failure: {command: [a], url: "https://b.example/c"} | on-failure names nobody to tell, or two; write command (for example [python3, alert.py]) or url, not both
          on-failure: {url: "http://b.example/c"} | on-failure.url is "http://b.example/c"; write https://host/path, or http:// on 127.0.0.1, [::1] or localhost; no name and password in it, 2000 characters at most
          on-failure: {url: "https://me:secret@b.example/c"} | on-failure.url is "https://me:secret@b.example/c"; write https://host/path, or http:// on 127.0.0.1, [::1] or localhost; no name and password in it, 2000 characters at most
          keep: {bodies: 8d, rows: 7d} | keep.bodies is "8d"; write at most the 7d of keep.rows
          ask: {concurrency: 0} | ask.concurrency is "0"; write a whole number without quotes, 1 to 4096 (for example 64)
          ask: {concurrency: -1} | ask.concurrency is "-1"; write a whole number without quotes, 1 to 4096 (for example 64)
          ask: {concurrency: 1000000} | ask.concurrency is "1000000"; write a whole number without quotes, 1 to 4096 (for example 64)
          ask: {concurrency: "64"} | ask.concurrency is "64"; write a whole number without quotes, 1 to 4096 (for example 64)
          ask: {concurrency: 6.4} | ask.concurrency is "6.4"; write a whole number without quotes, 1 to 4096 (for example 64)
          ask: {concurrency: 99999999999999999999} | ask.concurrency is "99999999999999999999"; write a whole number without quotes, 1 to 4096 (for example 64)
          ask: {partitions: 65} | ask.partitions is "65"; write a whole number without quotes, 1 to 64 (for example 4)
          ask: {max-attempts: 11} | ask.max-attempts is "11"; write a whole number without quotes, 1 to 10 (for example 1)
          ask: {max-attempts: 0} | ask.max-attempts is "0"; write a whole number without quotes, 1 to 10 (for example 1)
          ask: {round-deadline: 25h} | ask.round-deadline is "25h"; write a duration with a unit, 1s to 1d (for example 10m)
          ask: {round-deadline: 12s} | ask.round-deadline is "12s"; write more than the timeout of 12s
          ask: {timeout: 10m} | ask.round-deadline is "10m"; write more than the timeout of 10m
          ask: {dendrite-ip: example.org} | ask.dendrite-ip is "example.org"; not an IP address literal: it is neither four decimal numbers with dots nor IPv6
          ask: {timout: 12s} | ask.timout is not a key; did you mean "timeout"? Keys here: timeout, round-deadline, max-attempts, concurrency, per-address, partitions, dendrite-ip, retry, back-off, unknown
          ask: {retry: TIMED_OUT} | ask.retry is "TIMED_OUT"; write a list of REFUSED, AXON_ERROR, BAD_BODY, TOO_LARGE, BAD_PROTOCOL, TIMED_OUT, UNREACHABLE, DISCONNECTED or LOCAL_FAULT
          ask: {max-attempts: 2, retry: [OK]} | ask.retry has "OK"; write a list of REFUSED, AXON_ERROR, BAD_BODY, TOO_LARGE, BAD_PROTOCOL, TIMED_OUT, UNREACHABLE, DISCONNECTED or LOCAL_FAULT
          ask: {max-attempts: 2, retry: [UNKNOWN]} | ask.retry has "UNKNOWN"; write a list of REFUSED, AXON_ERROR, BAD_BODY, TOO_LARGE, BAD_PROTOCOL, TIMED_OUT, UNREACHABLE, DISCONNECTED or LOCAL_FAULT
          ask: {retry: [TIMED_OUT]} | ask.retry needs a second attempt; write max-attempts, 2 to 10
          ask: {back-off: 99ms} | ask.back-off is "99ms"; write a duration with a unit, 100ms to 10m (for example 1s)
          ask: [timeout] | ask is a list; write indented keys below it
          ask: | ask is empty; write indented keys below it
          store: {bodies: some} | store.bodies is "some"; write all, ok or none
          store: {bodies: ALL} | store.bodies is "ALL"; write all, ok or none
          store: {max-response: 1048576} | store.max-response is "1048576"; write a size with a unit, 1KiB to 16MiB (for example 1MiB)
          store: {max-response: 1023B} | store.max-response is "1023B"; write a size with a unit, 1KiB to 16MiB (for example 1MiB)
          store: {max-response: 1MB} | store.max-response is "1MB"; write a size with a unit, 1KiB to 16MiB (for example 1MiB)
          score: {success-threshold: 1.5} | score.success-threshold is "1.5"; write a number without quotes, 0.0 to 1.0 (for example 0.5)
          score: {success-threshold: .nan} | score.success-threshold is ".nan"; write a number without quotes, 0.0 to 1.0 (for example 0.5)
          score: {fields: {answer: dummy_output}} | score.fields.answer is "dummy_output"; write a JSON Pointer into the answer (for example /completion)
          score: {fields: {answer: /dummy}} | score.fields.answer is "/dummy"; the answer has /dummy_output
          score: {fields: {Answer: /dummy_output}} | score.fields.Answer is not a column name; write a-z, 0-9 and _, a letter first, at most 41
          select: {who: some} | select.who is "some"; write all, listed, sample, top, round-robin or least-recent
          select: {who: listed} | select.who is "listed"; add uids (for example [3, 17]) or hotkeys
          select: {who: sample} | select.who is "sample"; add size, 1 to 65536 (for example 64)
          select: {size: 3} | select.size has no meaning here; write who: sample, top, round-robin or least-recent, or remove it
          select: {uids: [3]} | select.uids has no meaning with who: all; write who: listed, or remove it
          select: {who: top, size: 3} | select.who is "top"; add by: stake, incentive or dividends
          select: {who: round-robin} | select.who is "round-robin"; add size, 1 to 65536 (for example 64)
          select: {who: top, size: 3, by: luck} | select.by is "luck"; write stake, incentive or dividends
          select: {by: stake} | select.by has no meaning here; write who: top, or remove it
          select: {who: sample, size: 3, uids: [4], exclude-uids: [4]} | select.exclude-uids has 4, and so has uids; write it once
          select: {min-stake: 9, max-stake: 8} | select.min-stake is "9"; write at most the 8 of max-stake
          select: {silent-pause: 1d} | select.silent-pause has no meaning without silent-after; add it (for example 1d)
          select: {one-per: [ip, network]} | select.one-per has network, which holds each of its ips to one; remove ip
          select: {one-per: [hotkey]} | select.one-per has "hotkey"; write a list of coldkey, ip or network
          select: {allow-addresses: [10.0.0.0/8], deny-addresses: [10.0.0.0/8]} | select.deny-addresses has 10.0.0.0/8, and so has allow-addresses; write it once
          select: {deny-ports: [0]} | select.deny-ports has "0"; write a list of ports, 1 to 65535 (for example [22, 25])
          select: {address-back-off: 2d} | select.address-back-off is "2d"; write a duration with a unit, 0d to 1d (for example 1h)
          ask: {per-address: 0} | ask.per-address is "0"; write a whole number without quotes, 1 to 4096 (for example 4)
          select: {who: listed, uids: 3} | select.uids is "3"; write a list of uids, 0 to 65535 (for example [3, 17])
          select: {who: listed, uids: [65536]} | select.uids has "65536"; write a list of uids, 0 to 65535 (for example [3, 17])
          select: {who: listed, uids: [[3]]} | select.uids has a list; write a list of uids, 0 to 65535 (for example [3, 17])
          select: {who: listed, uids: [3, 3]} | select.uids has "3" twice; write it once
          select: {who: listed, hotkeys: [5Grw]} | select.hotkeys has "5Grw"; address must be 48 characters of base58, this has the wrong length: 4 characters
          select: {vpermit-tao-limit: -1} | select.vpermit-tao-limit is "-1"; write a whole number without quotes, 0 to 1000000000 (for example 4096)
          select: {allow-addresses: [10.0.0.1/8]} | select.allow-addresses has "10.0.0.1/8"; 10.0.0.1/8 has bits set behind the prefix; clear them, or write /32 for this one address
          select: {allow-addresses: 127.0.0.0/8} | select.allow-addresses is "127.0.0.0/8"; write a list of address/bits (for example [127.0.0.0/8])
          wallet: {name: ../x} | wallet.name is "../x"; write a name without slashes (for example default)
          wallet: {hotkey: ..} | wallet.hotkey is ".."; write a name without slashes (for example default)
          wallet: {path: ~root/wallets} | wallet.path is "~root/wallets"; write ~/ for your own home folder, or a full path
          wallet: {path: ""} | wallet.path is ""; write a path
          description: "two\\nlines" | description is "two\\u000alines"; write one line of at most 200 characters
          description: a: b | not YAML: mapping values are not allowed here; put quotes around a text that contains a colon
          descriptoin: a | descriptoin is not a key; did you mean "description"? Keys here: description, network, netuid, snapshot, wallet, synapse, challenge, select, ask, store, score, schedule, keep, on-failure
          timetable: hourly | timetable is not a key; keys here: description, network, netuid, snapshot, wallet, synapse, challenge, select, ask, store, score, schedule, keep, on-failure
          schedule: hourly | schedule is "hourly"; write indented keys below it
          netuid: 2 | "netuid" stands twice, first in line 2; write it once
          store: !!java.lang.Runtime {bodies: ok} | "!!java.lang.Runtime" is a YAML tag; remove it
          description: !!str 7 | "!!str" is a YAML tag; remove it
          ask: &ask {timeout: 12s} | "&ask" is an anchor; remove it and write values out
          ask: *ask | "*ask" is an alias; write the value out
          ? [a, b] | a list or mapping as a key; write a name as the key
          --- | a second document; write one job per file
          description: "open | not YAML: while scanning a quoted scalar: found unexpected end of stream
          """)
  void refusesALineWithTheReason(String added, String reason) {
    // The parser notices an open quote only behind the last line.
    int line = added.endsWith("\"open") ? 12 : 11;

    assertThat(refusal(SMALLEST + added + "\n"))
        .isEqualTo("jobs/probe.yaml:" + line + ": " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          network: finney | network: a b | 1: network is "a b"; write the network's name as the snapshot has it (for example finney)
          network: finney | network: [a] | 1: network is a list; write the network's name as the snapshot has it (for example finney)
          network: finney | # | 2: network is missing; write the network's name as the snapshot has it (for example finney)
          netuid: 1 | netuid: 65536 | 2: netuid is "65536"; write a whole number without quotes, 0 to 65535 (for example 1)
          netuid: 1 | netuid: one | 2: netuid is "one"; write a whole number without quotes, 0 to 65535 (for example 1)
          netuid: 1 | # | 1: netuid is missing; write the subnet's number, 0 to 65535 (for example 1)
          file: snapshot.json | max-age: 1d | 3: snapshot.file is missing; write the snapshot's path (for example ../snapshots/finney-1.json)
          file: snapshot.json | file: x, max-age: 1d | 4: not YAML: mapping values are not allowed here; put quotes around a text that contains a colon
          name: Dummy | # | 5: synapse.name is missing; write the Python class name of the synapse (for example Dummy)
          name: Dummy | name: my-class | 6: synapse.name is "my-class"; write the Python class name of the synapse (for example Dummy)
          name: Dummy | name: class | 6: synapse.name does not work: synapse name is "class"; write a Python identifier of at most 100 ASCII letters, digits and underscores that is no keyword
          {type: int, value: 7} | int | 8: synapse.request.dummy_input.value is missing; write what is sent (for example value: 7)
          {type: int, value: 7} | {value: 7} | 8: synapse.request.dummy_input.type is missing; write its Python type (for example str or list[int])
          {type: int, value: 7} | {type: int, valeu: 7, value: 7} | 8: synapse.request.dummy_input.valeu is not a key; did you mean "value"? Keys here: type, required, default, value
          {type: int, value: 7} | {type: int, value: seven} | 8: synapse.request.dummy_input.value is "seven"; "seven" is not int
          {type: int, value: 7} | {type: int, value: 007} | 8: synapse.request.dummy_input.value is "007"; "007" is not a plain decimal number; put it in quotes to send it as text
          {type: int, value: 7} | {type: int, value: 7, default: x} | 8: synapse.request.dummy_input.default is "x"; "x" is not int
          {type: int, value: 7} | {type: int, value: 7, default: 1, required: true} | 8: synapse.request.dummy_input.required is "true"; a field with a default is not required, remove one
          {type: int, value: 7} | {type: int, value: 7, required: "no"} | 8: synapse.request.dummy_input.required is "no"; write true or false without quotes
          {type: int, value: 7} | {type: int, value: 99999999999999999999} | 8: synapse.request.dummy_input does not work: field dummy_input of synapse Dummy: int of 67 bits; write -2^63 to 2^64-1, axons' JSON parsers differ on others
          {type: int, value: 7} | {type: list[int], value: [7]} | 8: not YAML: while parsing a flow mapping: expected ',' or '}', but got [; inside { } put quotes around a type with brackets
          {type: int, value: 7} | [int] | 8: synapse.request.dummy_input is a list; write indented keys below it
          dummy_input | my-input | 8: synapse.request.my-input is not a Python name; write letters, digits and _
          dummy_input | class | 8: synapse.request.class does not work: field name is "class"; write a Python identifier of at most 100 ASCII letters, digits and underscores that is no keyword
          dummy_input | timeout | 8: synapse.request.timeout does not work: synapse Dummy declares field timeout, which every synapse has; names taken are [axon, computed_body_hash, dendrite, header_size, name, timeout, total_size]
          dummy_input | dummy_output | 10: synapse.response.dummy_output stands in request as well; write it once
          dummy_output: optional[int] | {} | 9: synapse.response has no fields; write what the axon fills in (for example answer: str)
          """)
  void refusesARequiredPartWithTheReason(String there, String instead, String reason) {
    assertThat(refusal(SMALLEST.replace(there, instead))).isEqualTo("jobs/probe.yaml:" + reason);
  }

  @Test
  void refusesATypeThatIsNotOne() {
    assertThat(refusal(SMALLEST.replace("type: int", "type: itn")))
        .startsWith(
            "jobs/probe.yaml:8: synapse.request.dummy_input.type is \"itn\";"
                + " no type is called \"itn\"; write str, int, float, bool, any,")
        .hasLineCount(1);
  }

  @Test
  void aWholeMissingBlockIsOneMistake() {
    assertThat(refusal("network: finney\nnetuid: 1\n").lines())
        .containsExactly(
            "jobs/probe.yaml:1: snapshot is missing; write fetch, or file below it"
                + " (for example file: ../snapshots/finney-1.json)",
            "jobs/probe.yaml:1: synapse is missing; write name, request and response below it,"
                + " as the axon's class has them");
    assertThat(refusal(SMALLEST.replace("\n  response:\n    dummy_output: optional[int]", "")))
        .isEqualTo(
            "jobs/probe.yaml:5: synapse.response is missing;"
                + " write what the axon fills in (for example answer: str)");
  }

  @Test
  void aNullDefaultIsPythonsNone() {
    JobDefinition job =
        JobFile.parse(SMALLEST.replace("value: 7", "value: 7, default: null"), FILE);

    assertThat(job.synapse().requestFields().getFirst().required()).isFalse();
  }

  @Test
  void refusesAHashFieldThatIsNoField() {
    assertThat(refusal(SMALLEST + "  hash-fields: [dummy_imput]\n"))
        .isEqualTo(
            "jobs/probe.yaml:11: synapse.hash-fields has \"dummy_imput\";"
                + " write a list of the fields above (for example [dummy_input])");
    assertThat(refusal(SMALLEST + "  hash-order: declard\n"))
        .isEqualTo(
            "jobs/probe.yaml:11: synapse.hash-order is \"declard\"; write declared or class");
  }

  @Test
  void aStreamGoesIntoTheFirstResponseFieldAsTextUnlessSaidOtherwise() {
    String text = SMALLEST.replace("optional[int]", "optional[str]") + "  streaming: true\n";
    assertThat(JobFile.parse(text, FILE).synapse().streaming())
        .contains(new Streaming(Streaming.Parser.TEXT, Optional.of("dummy_output")));
    assertThat(
            JobFile.parse(
                    SMALLEST.replace(
                            "dummy_output: optional[int]",
                            "first: optional[int]\n    all: list[any]")
                        + "  streaming: true\n  stream-parser: json-lines\n  stream-field: all\n",
                    FILE)
                .synapse()
                .streaming())
        .contains(new Streaming(Streaming.Parser.JSON_LINES, Optional.of("all")));
    assertThat(JobFile.parse(SMALLEST + "  streaming: false\n", FILE).synapse().streaming())
        .isEmpty();
  }

  @Test
  void aStreamThatCannotGoIntoItsFieldIsRefused() {
    assertThat(refusal(SMALLEST + "  streaming: true\n"))
        .isEqualTo(
            "jobs/probe.yaml:11: synapse.streaming fills response field dummy_output, which is"
                + " optional[int]; with this parser it must take str");
    assertThat(refusal(SMALLEST + "  streaming: true\n  stream-parser: lines\n"))
        .isEqualTo(
            "jobs/probe.yaml:12: synapse.stream-parser fills response field dummy_output, which is"
                + " optional[int]; with this parser it must take list[str]");
    assertThat(refusal(SMALLEST + "  streaming: true\n  stream-field: dummy_input\n"))
        .contains(
            "jobs/probe.yaml:12: synapse.stream-field is \"dummy_input\"; that is no response"
                + " field; those are dummy_output");
    assertThat(refusal(SMALLEST + "  stream-parser: text\n"))
        .isEqualTo(
            "jobs/probe.yaml:11: synapse.stream-parser has no meaning without streaming: true");
    assertThat(refusal(SMALLEST + "  streaming: true\n  stream-parser: sse\n"))
        .contains("synapse.stream-parser is \"sse\"; write text, lines or json-lines");
  }

  @Test
  void listItemsAndNestedKeysAreRefusedAtTheirOwnLine() {
    assertThat(refusal(SMALLEST + "select:\n  who: listed\n  uids:\n    - 3\n    - three\n"))
        .startsWith("jobs/probe.yaml:15: select.uids has \"three\"; ");
    assertThat(refusal(SMALLEST + "ask:\n  timeout: 2s\n\n  # comment\n  timeout: 3s\n"))
        .isEqualTo("jobs/probe.yaml:15: \"timeout\" stands twice, first in line 12; write it once");
    assertThat(refusal(SMALLEST.replace("value: 7", "value: {a: 1, a: 2}")))
        .isEqualTo("jobs/probe.yaml:8: \"a\" stands twice, first in line 8; write it once");
  }

  @Test
  void namesEveryMistakeInLineOrder() {
    String several =
        SMALLEST.replace("netuid: 1", "netuid: x")
            + "store: {bodies: x}\nask:\n  timeout: 12\n  partitons: 3\n";

    assertThat(refusal(several).lines())
        .containsExactly(
            "jobs/probe.yaml:2: netuid is \"x\"; write a whole number without quotes, 0 to 65535"
                + " (for example 1)",
            "jobs/probe.yaml:11: store.bodies is \"x\"; write all, ok or none",
            "jobs/probe.yaml:13: ask.timeout is \"12\"; write a duration with a unit, 100ms to 10m"
                + " (for example 12s)",
            "jobs/probe.yaml:14: ask.partitons is not a key; did you mean \"partitions\"? Keys"
                + " here: timeout, round-deadline, max-attempts, concurrency, per-address,"
                + " partitions, dendrite-ip, retry, back-off, unknown");
  }

  @Test
  void showsTwentyMistakesAndCountsTheRest() {
    StringBuilder many = new StringBuilder(SMALLEST);
    for (int i = 0; i < 27; i++) {
      many.append("extra").append(i).append(": 1\n");
    }

    assertThat(refusal(many.toString()).lines())
        .hasSize(21)
        .last()
        .isEqualTo("jobs/probe.yaml: more mistakes: 7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# a comment\n"})
  void refusesAnEmptyFile(String empty) {
    assertThat(refusal(empty))
        .matches("jobs/probe.yaml:[12]: the file is empty; start from jobs/dummy.yaml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"- netuid: 1\n", "finney\n", "\"\"\n"})
  void refusesWhatIsNoMapping(String text) {
    assertThat(refusal(text))
        .isEqualTo(
            "jobs/probe.yaml:1: not a job; write \"key: value\" lines (for example netuid: 1)");
  }

  @Test
  void refusesDirectives() {
    assertThat(refusal("%YAML 1.2\n---\n" + SMALLEST))
        .isEqualTo("jobs/probe.yaml:1: a % directive; write plain YAML without directives");
  }

  @Test
  void refusesTabsAsIndentationWithTheLine() {
    assertThat(refusal(SMALLEST + "ask:\n\ttimeout: 12s\n"))
        .isEqualTo("jobs/probe.yaml:12: a tab at the start of the line; indent with spaces");
  }

  @Test
  void refusesControlCharactersWithTheLine() {
    assertThat(refusal(SMALLEST + "description: a\u001bb\n"))
        .isEqualTo("jobs/probe.yaml:11: U+001B is not allowed in YAML; remove that character");
  }

  @Test
  void whatAMessageQuotesIsShortAndHarmless() {
    assertThat(refusal(SMALLEST + "store: {bodies: \"\\e[2J\\u202e" + "x".repeat(200) + "\"}\n"))
        .isEqualTo(
            "jobs/probe.yaml:11: store.bodies is \"\\u001b[2J\\u202e"
                + "x".repeat(75)
                + "…\"; write all, ok or none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? "})
  void refusesDeepNesting(String opening) {
    assertThat(refusal("x:\n " + opening.repeat(50_000)))
        .isEqualTo("jobs/probe.yaml:2: nested deeper than 32 levels");
  }

  @Test
  void refusesModelsThatMultiply() {
    StringBuilder models = new StringBuilder("synapse:\n  models:\n    M0: {a: int, b: int}\n");
    for (int i = 1; i < 60; i++) {
      models.append("    M%d: {a: M%d, b: M%d}\n".formatted(i, i - 1, i - 1));
    }

    assertThat(refusal(SMALLEST.replace("synapse:\n", models.toString())))
        .startsWith(
            "jobs/probe.yaml:15: synapse.models.M8 nests 1022 fields; at most 1000 are allowed\n");
  }

  @Test
  void aModelWithAMistakeIsBlamedOnce() {
    String models = "synapse:\n  models:\n    Message: {role: strr}\n";
    String source = SMALLEST.replace("synapse:\n", models).replace("type: int", "type: Message");

    assertThat(refusal(source))
        .startsWith("jobs/probe.yaml:7: synapse.models.Message.role.type is \"strr\"; no type is")
        .contains("\njobs/probe.yaml:10: synapse.request.dummy_input.value is \"7\"; ")
        .hasLineCount(2);
  }

  @Test
  void aModelCannotUseOneBelowIt() {
    String models = "synapse:\n  models:\n    A: {b: B}\n    B: {a: A}\n";

    assertThat(refusal(SMALLEST.replace("synapse:\n", models)))
        .startsWith("jobs/probe.yaml:7: synapse.models.A.b.type is \"B\"; no type is called \"B\"");
  }

  @Test
  void scoringColumnsAreCounted() {
    StringBuilder columns = new StringBuilder("score:\n  fields:\n");
    for (int i = 0; i < 33; i++) {
      columns.append("    c%d: /dummy_output\n".formatted(i));
    }

    assertThat(refusal(SMALLEST + columns))
        .isEqualTo("jobs/probe.yaml:12: score.fields has 33 columns; at most 32 are allowed");
  }

  @Test
  void longTextsAreRefusedLikeShortOnes() {
    String text = "a".repeat(200_000);

    for (String key :
        List.of(
            "score: {fields: {answer: /%s}}",
            "score: {fields: {%s: /dummy_output}}",
            "description: %s",
            "ask: {timeout: %s}",
            "ask: {concurrency: 1%s}",
            "ask: {dendrite-ip: %s}",
            "select: {allow-addresses: [%s]}",
            "wallet: {name: %s}",
            "store: {bodies: %s}",
            "%s: 1")) {
      assertThat(refusal(SMALLEST + key.formatted(text))).startsWith("jobs/probe.yaml:11: ");
    }
    assertThat(refusal(SMALLEST.replace("type: int", "type: " + text)))
        .startsWith("jobs/probe.yaml:8: synapse.request.dummy_input.type is \"aaa");
  }

  @Test
  void acceptsAByteOrderMarkAndWindowsLineEnds() {
    String windows = "\ufeff" + SMALLEST.replace("\n", "\r\n");

    assertThat(JobFile.parse(windows, FILE).asking())
        .isEqualTo(JobFile.parse(SMALLEST, FILE).asking());
    assertThat(refusal(windows + "ask: x\r\n")).startsWith("jobs/probe.yaml:11: ask is \"x\"; ");
  }

  @Test
  void noMessageShowsAClassName() {
    for (String broken : List.of("a: [", "a: }", "a: 'x", "\tb", "a: @b", "a: |9\n  x", "%", "&")) {
      assertThat(refusal(broken)).hasLineCount(1).doesNotContain("org.", "jackson", "Exception");
    }
  }

  @Test
  void anyDamageIsRefusedLineByLineOrRead() {
    Random random = new Random(20261101);
    String marks = "[]{}:,-#&*!|>'\"%@`?~ \n\t0a.é\u0085\u2028\ud83d\ufffe";
    for (int i = 0; i < 1_000; i++) {
      StringBuilder damaged = new StringBuilder(everyKey());
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        int at = random.nextInt(damaged.length());
        char mark = marks.charAt(random.nextInt(marks.length()));
        switch (random.nextInt(3)) {
          case 0 -> damaged.insert(at, mark);
          case 1 -> damaged.setCharAt(at, mark);
          default -> damaged.delete(at, Math.min(damaged.length(), at + random.nextInt(30)));
        }
      }
      try {
        JobFile.parse(damaged.toString(), FILE);
      } catch (JobException e) {
        assertThat(String.valueOf(e.getMessage()).split("\n", -1))
            .as(damaged.toString())
            .allMatch(
                line -> line.matches("jobs/probe\\.yaml:([0-9]+| more mistakes): \\P{Cntrl}+"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Probe.yaml", "-a.yaml", "a_b.yaml", "a.json", "probe", ".yaml", ""})
  void refusesAFileWhoseNameIsNoJobName(String name) {
    assertThatThrownBy(() -> JobFile.parse(SMALLEST, Path.of("jobs").resolve(name)))
        .isInstanceOf(JobException.class)
        .hasMessage(
            (name.isEmpty() ? "jobs" : "jobs/" + name)
                + ": a job is named by its file; use a-z, 0-9 and -, at most 63, then .yaml"
                + " (for example text-probe.yaml)");
  }

  @Test
  void refusesWhatIsNoReadableFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("probe.yaml");

    assertThat(refusal(file)).isEqualTo(file + ": no such file");
    assertThat(refusal(folder)).isEqualTo(folder + ": a folder; name a job file in it");
    assertThat(refusal(Path.of("/dev/zero")))
        .isEqualTo("/dev/zero: not a regular file; name a job file");
    Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), Path.of("/dev/zero"));
    assertThat(refusal(link)).isEqualTo(link + ": not a regular file; name a job file");

    Files.write(file, new byte[256 * 1024 + 1]);
    assertThat(refusal(file)).isEqualTo(file + ": larger than 256KiB; a job file is short");

    Files.write(
        file, (SMALLEST + "description: caf\u00e9\n").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(refusal(file)).isEqualTo(file + ":11: not UTF-8; save the file as UTF-8");

    Files.write(file, new byte[] {'a', '\n', (byte) 0xe2, (byte) 0x82});
    assertThat(refusal(file)).isEqualTo(file + ":2: not UTF-8; save the file as UTF-8");
  }

  @Test
  void warnsWhenEverybodyCanWriteTheFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("probe.yaml"), SMALLEST);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(JobFile.warnings(file)).isEmpty();

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(JobFile.warnings(file))
        .containsExactly(file + ": everybody can write to this file; chmod o-w it");
  }

  private static String refusal(String source) {
    return message(() -> JobFile.parse(source, FILE));
  }

  private static String refusal(Path file) {
    return message(() -> JobFile.read(file));
  }

  private static String message(ThrowingCallable reading) {
    JobException refused = catchThrowableOfType(JobException.class, reading);
    return String.valueOf(refused.getMessage());
  }
}
