package org.axonometer.metagraph;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import org.axonometer.subnet.NetUid;

/**
 * Takes a snapshot from the chain over Substrate JSON-RPC (protocol 7.4): the neurons by {@code
 * get_neurons_lite}, their total stake and registration by {@code get_subnet_state}, both at one
 * block. The endpoints are tried in order; why one was passed over stands in the result.
 *
 * @param network what the snapshot calls it
 * @param endpoints {@code ws}, {@code wss}, {@code http} or {@code https} addresses
 * @param timeout for all that is asked of one endpoint
 */
public record ChainFetch(String network, List<URI> endpoints, Duration timeout) {

  /** What one endpoint gets when nothing else is said. */
  public static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The SDK's own lists (protocol 7.4); the archive knows blocks the others have dropped. */
  private static final Map<String, List<String>> KNOWN =
      Map.of(
          "finney",
          List.of(
              "wss://entrypoint-finney.opentensor.ai:443",
              "wss://lite.sub.latent.to:443",
              "wss://archive.chain.opentensor.ai:443"),
          "test",
          List.of("wss://test.finney.opentensor.ai:443"),
          "local",
          List.of("ws://127.0.0.1:9944"));

  /** Storage key of {@code Timestamp.Now}, milliseconds since 1970: twox128 of both names. */
  private static final String BLOCK_TIME_KEY =
      "f0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb";

  private static final Duration STANDSTILL = Duration.ofMinutes(5);

  /**
   * A snapshot and how it was come by.
   *
   * @param endpoint the one that gave it
   * @param notes what an operator should know, such as an endpoint that failed; empty when all was
   *     as wished
   */
  public record Fetched(MetagraphSnapshot snapshot, String endpoint, List<String> notes) {
    public Fetched {
      notes = List.copyOf(notes);
    }
  }

  public ChainFetch {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("no endpoint of network " + Quoted.text(network));
    }
  }

  /**
   * A fetch from what the operator names.
   *
   * @param network {@code finney}, {@code test}, {@code local}, or an endpoint's address, whose
   *     host is then the network's name ({@code local} on this machine)
   * @param endpoints instead of the network's own; may be empty
   */
  public static ChainFetch of(String network, List<URI> endpoints, Duration timeout) {
    if (network.contains("://")) {
      URI address = endpoint(network);
      List<URI> all = new ArrayList<>(List.of(address));
      all.addAll(endpoints);
      return new ChainFetch(name(address), all, timeout);
    }
    if (!endpoints.isEmpty()) {
      return new ChainFetch(network, endpoints, timeout);
    }
    if (!KNOWN.containsKey(network)) {
      throw new IllegalArgumentException(
          "network %s has no endpoint known here; name finney, test, local or an endpoint such as"
                  .formatted(Quoted.text(network))
              + " ws://127.0.0.1:9944");
    }
    return new ChainFetch(network, KNOWN.get(network).stream().map(URI::create).toList(), timeout);
  }

  /** True for a network whose endpoints need not be named. */
  public static boolean knows(String network) {
    return KNOWN.containsKey(network);
  }

  /** An endpoint's address; IllegalArgumentException says what is allowed. */
  public static URI endpoint(String text) {
    String allowed = "write ws://, wss://, http:// or https:// with a host, and no password in it";
    try {
      URI address = URI.create(text);
      String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
      if (!List.of("ws", "wss", "http", "https").contains(scheme)
          || address.getHost() == null
          || address.getRawUserInfo() != null
          || address.getRawFragment() != null) {
        throw new IllegalArgumentException(allowed);
      }
      return address;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(allowed, e);
    }
  }

  /**
   * Fetches.
   *
   * @param block empty = the newest
   * @throws SnapshotException when no endpoint gives a whole one, with each one's reason
   */
  public Fetched fetch(NetUid netuid, OptionalLong block, Clock clock) {
    List<String> notes = new ArrayList<>();
    for (URI address : endpoints) {
      try {
        return fetch(address, netuid, block, clock, notes);
      } catch (IOException | SnapshotException | IllegalArgumentException e) {
        notes.add(shown(address) + ": " + Quoted.printable(String.valueOf(e.getMessage()), 300));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SnapshotException("interrupted while fetching a snapshot", e);
      }
    }
    throw new SnapshotException(
        "no snapshot of %s %s from the chain: %s"
            .formatted(network, netuid, String.join("; ", notes)));
  }

  private Fetched fetch(
      URI address, NetUid netuid, OptionalLong wanted, Clock clock, List<String> earlier)
      throws IOException, InterruptedException {
    var deadline = RpcConnection.Deadline.in(timeout);
    try (ChainRpc rpc = new ChainRpc(connect(address, deadline), deadline)) {
      List<String> notes = new ArrayList<>(earlier);
      String head = rpc.head();
      long newest = rpc.number(head);
      String hash = wanted.isPresent() ? rpc.blockHash(wanted.getAsLong()) : head;
      long block = wanted.isPresent() ? rpc.number(hash) : newest;
      if (wanted.isPresent() && block != wanted.getAsLong()) {
        throw new IOException(
            "asked for block %d, got block %d".formatted(wanted.getAsLong(), block));
      }
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      Optional<Instant> told = blockTime(rpc, hash);
      if (told.isEmpty()) {
        notes.add("the chain gives no block time; it is reckoned from our clock");
      }
      Instant takenAt = told.isPresent() ? told.get() : reckoned(block, newest, now);
      Duration age = Duration.between(takenAt, now);
      if (wanted.isEmpty() && age.compareTo(STANDSTILL) > 0) {
        notes.add(
            "the newest block of %s, %d, is %d minutes old"
                .formatted(shown(address), block, age.toMinutes()));
      }
      List<Neuron> neurons =
          neurons(rpc, hash, netuid, new NeuronsLiteImport(network, netuid, block, takenAt), notes);
      return new Fetched(
          MetagraphSnapshot.of(network, netuid, block, takenAt, neurons), shown(address), notes);
    }
  }

  private static List<Neuron> neurons(
      ChainRpc rpc, String hash, NetUid netuid, NeuronsLiteImport form, List<String> notes)
      throws IOException, InterruptedException {
    byte[] parameters = {(byte) netuid.value(), (byte) (netuid.value() >>> Byte.SIZE)};
    String lite = "NeuronInfoRuntimeApi_get_neurons_lite";
    List<Neuron> neurons = form.ofScale(rpc.call(lite, parameters, hash), lite);
    String state = "SubnetInfoRuntimeApi_get_subnet_state";
    byte[] answer;
    try {
      answer = rpc.call(state, parameters, hash);
    } catch (ChainRpc.ErrorAnswerException e) {
      if (!e.isUnknownMethod()) {
        throw e;
      }
      notes.add("without total stake and registration: " + e.getMessage());
      return neurons;
    }
    Optional<SubnetState> read = SubnetState.read(answer, state, (subnet, uid, rao) -> {});
    if (read.isEmpty()) {
      throw new IOException(state + ": there is no subnet " + netuid);
    }
    return read.get().completing(neurons, netuid);
  }

  /** When a block was made if the newest one is made now; IOException when no chain is so old. */
  private static Instant reckoned(long block, long newest, Instant now) throws IOException {
    long behind = Math.max(0, newest - block);
    if (behind > now.getEpochSecond() / MetagraphSnapshot.BLOCK_TIME.toSeconds()) {
      throw new IOException(
          "block %d is said to be %d blocks behind the newest, and no chain is so old"
              .formatted(block, behind));
    }
    return now.minus(MetagraphSnapshot.BLOCK_TIME.multipliedBy(behind));
  }

  /** The block's own time; empty when the endpoint answers that it has none. */
  private static Optional<Instant> blockTime(ChainRpc rpc, String hash)
      throws IOException, InterruptedException {
    Optional<byte[]> stored;
    try {
      stored = rpc.storage(BLOCK_TIME_KEY, hash);
    } catch (ChainRpc.ErrorAnswerException e) {
      return Optional.empty();
    }
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    BigInteger millis = ChainRpc.u64(stored.get());
    if (millis.bitLength() > 47) {
      throw new IOException("a block time of %s ms".formatted(millis));
    }
    return Optional.of(Instant.ofEpochMilli(millis.longValueExact()));
  }

  private RpcConnection connect(URI address, RpcConnection.Deadline deadline)
      throws IOException, InterruptedException {
    // Threads of its own: the common pool may be one thread, and busy.
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    if (!String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT).startsWith("ws")) {
      return new HttpRpc(client, address);
    }
    Optional<RpcConnection> connected = Optional.empty();
    try {
      connected = Optional.of(new WebSocketRpc(client, address, deadline));
      return connected.get();
    } catch (IOException e) {
      throw new IOException("cannot connect: " + e.getMessage(), e);
    } finally {
      if (connected.isEmpty()) {
        client.shutdownNow();
      }
    }
  }

  /** Without path and query, where a key may stand. */
  private static String shown(URI address) {
    return address.getScheme()
        + "://"
        + address.getHost()
        + (address.getPort() < 0 ? "" : ":" + address.getPort());
  }

  private static String name(URI address) {
    String shown = shown(address);
    for (Map.Entry<String, List<String>> known : KNOWN.entrySet()) {
      if (known.getValue().contains(shown)) {
        return known.getKey();
      }
    }
    String host = address.getHost();
    boolean here = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    return here ? "local" : host.replace("[", "").replace("]", "").replace(':', '-');
  }
}
