package org.axonometer.dendrite;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.synapse.AxonSignature;
import org.axonometer.synapse.Caller;
import org.axonometer.synapse.Nonces;
import org.axonometer.synapse.Question;
import org.axonometer.synapse.SeenNonces;
import org.axonometer.synapse.SignedRequest;
import org.axonometer.synapse.Synapse;
import org.axonometer.synapse.SynapseReply;
import org.axonometer.synapse.TerminalInfo;
import org.axonometer.wallet.Hotkey;
import org.axonometer.wallet.Keyring;
import org.axonometer.wallet.PasswordSource;
import org.axonometer.wallet.WalletDirectory;

/**
 * The calls of Python's {@code bittensor.Dendrite}, name by name ({@code docs/dendrite-parity.md}),
 * on the engine rounds use. Start at {@link #query}. It gives both views of each query: what was
 * observed, and what Python would hold. It stores nothing but {@link #synapseHistory}. Thread-safe.
 *
 * <p>Waiting is blocking: where Python awaits, call from a virtual thread. All requests carry the
 * one {@link #uuid}, so a query to an axon is signed only when the one before it has ended.
 */
public final class DendriteClient implements AutoCloseable {
  private static final String UNKNOWN_IP = "0.0.0.0";
  private static final StreamListener IGNORED = part -> {};
  private static final double NANOS_PER_SECOND = 1e9;

  private final String uuid = UUID.randomUUID().toString();
  private final Clock clock = Clock.systemUTC();
  private final Nonces nonces = new Nonces(clock);
  private final EndpointTurns turns = new EndpointTurns();
  private final SeenNonces seen = new SeenNonces();
  private final DendriteLog log = DendriteLog.ofEnvironment();
  private final Hotkey keypair;
  private final DendriteSettings settings;
  private final Caller caller;
  private final Session session;
  private final SynapseHistory history;

  /** Signs with this hotkey; nobody is contacted and no connection made before the first call. */
  public DendriteClient(Hotkey keypair, DendriteSettings settings) {
    this.keypair = keypair;
    this.settings = settings;
    this.caller =
        new Caller(keypair, settings.externalIp().orElse(UNKNOWN_IP), settings.sdkVersion());
    this.session = new Session(settings.maxBodyBytes());
    this.history = new SynapseHistory(settings.historyLength());
  }

  public DendriteClient(Hotkey keypair) {
    this(keypair, DendriteSettings.defaults());
  }

  /**
   * Signs with the hotkey of the default wallet, as {@code wallet=None} does: the variables {@code
   * BT_WALLET_PATH}, {@code BT_WALLET_NAME}, {@code BT_WALLET_HOTKEY}, else {@code
   * ~/.bittensor/wallets}, {@code default}, {@code default}. An encrypted one is opened with the
   * password in the variables of {@code docs/wallets.md}; nobody is asked for it.
   *
   * @throws org.axonometer.wallet.WalletException when there is no such hotkey, or no password that
   *     opens it
   */
  public static DendriteClient ofDefaultWallet(DendriteSettings settings) {
    return of(System.getenv(), settings);
  }

  static DendriteClient of(Map<String, String> environment, DendriteSettings settings) {
    String path = environment.get("BT_WALLET_PATH");
    WalletDirectory wallets =
        path == null
            ? WalletDirectory.defaultRoot()
            : new WalletDirectory(WalletDirectory.expanded(Path.of(path)));
    Hotkey hotkey =
        wallets.open(
            environment.getOrDefault("BT_WALLET_NAME", "default"),
            environment.getOrDefault("BT_WALLET_HOTKEY", "default"),
            new Keyring(PasswordSource.variables(environment)));
    return new DendriteClient(hotkey, settings);
  }

  /**
   * A prepared call.
   *
   * @param synapse with its timeout and both sides set
   * @param request what will be sent
   */
  public record Prepared(Synapse synapse, SignedRequest request) {}

  /** Pings an axon: asks it the base synapse. */
  public Reply<Synapse> query(AxonTarget axon) throws InterruptedException {
    return query(axon, Synapse.ping(), AskOptions.defaults());
  }

  /** Pings axons, as {@link #query(List, Synapse, AskOptions)}. */
  public List<Reply<Synapse>> query(List<AxonTarget> axons) throws InterruptedException {
    return query(axons, Synapse.ping(), AskOptions.defaults());
  }

  /** Asks one axon, waits for its reply and closes the session. */
  public <T> Reply<T> query(AxonTarget axon, Synapse synapse, AskOptions<T> options)
      throws InterruptedException {
    try {
      return forward(axon, synapse, options);
    } finally {
      closeSession();
    }
  }

  /** Asks axons, waits for all replies, a list in their order, and closes the session. */
  public <T> List<Reply<T>> query(List<AxonTarget> axons, Synapse synapse, AskOptions<T> options)
      throws InterruptedException {
    try {
      return forward(axons, synapse, options);
    } finally {
      closeSession();
    }
  }

  /** As {@link #call}; the session stays open. */
  public <T> Reply<T> forward(AxonTarget axon, Synapse synapse, AskOptions<T> options)
      throws InterruptedException {
    return call(axon, synapse, options);
  }

  /**
   * Asks axons and waits for all replies, one for each in their order; an axon or the network never
   * makes it throw. The session stays open.
   *
   * @throws IllegalArgumentException as {@link #preprocessSynapseForRequest}, before anybody is
   *     asked
   */
  public <T> List<Reply<T>> forward(List<AxonTarget> axons, Synapse synapse, AskOptions<T> options)
      throws InterruptedException {
    return forward(axons, synapse, options, ignored -> IGNORED);
  }

  /** Asks one streaming axon, as {@link #callStream}; the session stays open. */
  public <T> Reply<T> forward(
      AxonTarget axon, Synapse synapse, AskOptions<T> options, StreamListener listener)
      throws InterruptedException {
    return callStream(axon, synapse, options, listener);
  }

  /**
   * Asks streaming axons, as {@link #forward(List, Synapse, AskOptions)} and {@link #callStream}.
   *
   * @param listeners gives each axon's listener
   */
  public <T> List<Reply<T>> forwardStreaming(
      List<AxonTarget> axons,
      Synapse synapse,
      AskOptions<T> options,
      Function<AxonTarget, StreamListener> listeners)
      throws InterruptedException {
    return forward(axons, synapse.streaming(), options, listeners);
  }

  private <T> List<Reply<T>> forward(
      List<AxonTarget> axons,
      Synapse synapse,
      AskOptions<T> options,
      Function<AxonTarget, StreamListener> listeners)
      throws InterruptedException {
    question(synapse);
    if (!options.runAsync()) {
      List<Reply<T>> replies = new ArrayList<>();
      for (AxonTarget axon : axons) {
        replies.add(send(axon, synapse, options, listeners.apply(axon)));
      }
      return replies;
    }
    Semaphore room = new Semaphore(settings.mostInFlight(), true);
    return together(
        axons.stream()
            .<Callable<Reply<T>>>map(
                axon ->
                    () -> {
                      room.acquire();
                      try {
                        return send(axon, synapse, options, listeners.apply(axon));
                      } finally {
                        room.release();
                      }
                    })
            .toList());
  }

  private static <T> List<T> together(List<Callable<T>> calls) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> call : threads.invokeAll(calls)) {
        results.add(call.get());
      }
      return results;
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException own) {
        throw own;
      }
      throw new IllegalStateException("a query broke", failed.getCause());
    }
  }

  /**
   * Asks one axon and waits for its reply, whatever it is; an axon or the network never makes it
   * throw.
   *
   * @throws IllegalArgumentException as {@link #preprocessSynapseForRequest}
   */
  public <T> Reply<T> call(AxonTarget axon, Synapse synapse, AskOptions<T> options)
      throws InterruptedException {
    return send(axon, synapse, options, IGNORED);
  }

  /**
   * As {@link #call} to a streaming axon: the listener hears the parts while they come, the reply
   * has the synapse they end in. Nothing of an answer that is no stream, such as an error, is
   * heard.
   */
  public <T> Reply<T> callStream(
      AxonTarget axon, Synapse synapse, AskOptions<T> options, StreamListener listener)
      throws InterruptedException {
    return send(axon, synapse.streaming(), options, listener);
  }

  private <T> Reply<T> send(
      AxonTarget axon, Synapse synapse, AskOptions<T> options, StreamListener listener)
      throws InterruptedException {
    try (EndpointTurns.Turn _ = turns.take(axon.endpoint());
        Session.Lease lease = session.lease()) {
      Prepared prepared = preprocessSynapseForRequest(axon, synapse, options.timeout());
      logOutgoingRequest(prepared);
      long beganNanos = System.nanoTime();
      Exchange exchange =
          synapse.type().streaming().isPresent()
              ? lease.dendrite().askStreaming(synapse.type(), prepared.request(), listener)
              : lease.dendrite().ask(synapse.type(), prepared.request());
      double seconds = (System.nanoTime() - beganNanos) / NANOS_PER_SECOND;
      return conclude(prepared, exchange, seconds, options);
    }
  }

  private <T> Reply<T> conclude(
      Prepared prepared, Exchange exchange, double seconds, AskOptions<T> options) {
    Synapse.Answered answered = processServerResponse(prepared, exchange);
    Optional<UUID> errorId =
        answered.raised() ? Optional.of(logException(exchange)) : Optional.empty();
    Synapse synapse =
        answered.raised() ? answered.synapse() : answered.synapse().withProcessTime(seconds);
    logIncomingResponse(synapse, exchange);
    history.add(inHistory(synapse));
    return new Reply<>(
        options.deserializer().apply(synapse),
        synapse,
        prepared.request(),
        exchange,
        signature(prepared.request(), exchange),
        errorId);
  }

  private Optional<AxonSignature> signature(SignedRequest request, Exchange exchange) {
    return exchange.httpStatus() == null
        ? Optional.empty()
        : Optional.of(
            AxonSignature.check(
                exchange.headers(),
                new AxonSignature.Query(
                    request.axonHotkey(), keypair.address(), request.nonceNanos(), clock.instant()),
                seen));
  }

  /**
   * The synapse with its timeout and both sides set, and the signed request made of it.
   *
   * @throws IllegalArgumentException for values that cannot be sent or hashed
   */
  public Prepared preprocessSynapseForRequest(AxonTarget axon, Synapse synapse, Duration timeout) {
    long nonceNanos = nonces.next();
    SignedRequest request =
        question(synapse).sign(caller, axon.hotkey(), axon.endpoint(), timeout, uuid, nonceNanos);
    TerminalInfo ourSide =
        new TerminalInfo(
            null,
            null,
            null,
            caller.ip(),
            null,
            (long) caller.version(),
            nonceNanos,
            uuid,
            keypair.address().text(),
            request.headers().get("bt_header_dendrite_signature"));
    TerminalInfo axonSide =
        new TerminalInfo(
            null,
            null,
            null,
            axon.endpoint().hostText(),
            (long) axon.endpoint().port(),
            null,
            null,
            null,
            axon.hotkey().text(),
            null);
    return new Prepared(
        synapse.preprocessed(timeout.toNanos() / NANOS_PER_SECOND, ourSide, axonSide),
        request.sentTo(reached(axon.endpoint())));
  }

  private static Question question(Synapse synapse) {
    var values = synapse.fields().deepCopy();
    values.retain(synapse.type().requestFields().stream().map(field -> field.name()).toList());
    return Question.of(synapse.type(), values);
  }

  private AxonEndpoint reached(AxonEndpoint axon) {
    boolean own =
        settings.ownIpIsLoopback()
            && settings.externalIp().filter(axon.hostText()::equals).isPresent();
    return own ? new AxonEndpoint(InetAddress.getLoopbackAddress(), axon.port()) : axon;
  }

  /**
   * A line for each hash field of the synapse for which axons on another SDK or Python than ours
   * may refuse the query, see {@link Question#warnings}.
   *
   * @throws IllegalArgumentException as {@link #preprocessSynapseForRequest}
   */
  public static List<String> warnings(Synapse synapse) {
    return question(synapse).warnings();
  }

  /** Where an axon is asked; IPv6 in brackets. */
  public String endpointUrl(AxonTarget axon, String requestName) {
    return "http://" + reached(axon.endpoint()) + "/" + requestName;
  }

  /** The prepared synapse as Python would hold it after this end of the query. */
  public Synapse.Answered processServerResponse(Prepared prepared, Exchange exchange) {
    Integer status = exchange.httpStatus();
    SynapseReply reply = exchange.reply();
    if (reply == null || status == null) {
      return new Synapse.Answered(prepared.synapse().processErrorMessage(exchange.view()), true);
    }
    if (prepared.synapse().type().streaming().isPresent()) {
      return prepared.synapse().processStreamedResponse(status, exchange.headers(), reply.fields());
    }
    return prepared
        .synapse()
        .processServerResponse(
            Conclusion.uri(prepared.request()).toString(),
            status,
            exchange.headers(),
            exchange.body());
  }

  /**
   * Logs why a query failed.
   *
   * @return what marks the line
   */
  public UUID logException(Exchange exchange) {
    String detail =
        Objects.requireNonNullElse(
            exchange.detail(), Objects.requireNonNullElse(exchange.view().statusMessage(), ""));
    return log.exception(exchange.outcome(), detail);
  }

  private void logOutgoingRequest(Prepared prepared) {
    log.outgoing(prepared.synapse(), prepared.request().bodyBytes());
  }

  private void logIncomingResponse(Synapse synapse, Exchange exchange) {
    log.incoming(synapse, exchange.body().length);
  }

  /** The base synapse Python keeps; where its own way to it would raise, without a body hash. */
  static Synapse inHistory(Synapse synapse) {
    try {
      return Synapse.fromHeaders(synapse.toHeaders());
    } catch (IllegalArgumentException noHash) {
      return new Synapse(
          Synapse.BASE,
          Synapse.ping().fields(),
          synapse.timeout(),
          synapse.totalSize(),
          synapse.headerSize(),
          synapse.dendrite(),
          synapse.axon(),
          null);
    }
  }

  /** The newest calls' base synapses, oldest first; how many is a setting. */
  public List<Synapse> synapseHistory() {
    return history.newest();
  }

  /** What all its requests carry; made at random. */
  public String uuid() {
    return uuid;
  }

  /** What is sent as our own address; empty when it was not given. */
  public Optional<String> externalIp() {
    return settings.externalIp();
  }

  /** Who signs. */
  public Hotkey keypair() {
    return keypair;
  }

  /** Whether a call was made since the last close. */
  public boolean hasSession() {
    return session.isOpen();
  }

  /** Ends the HTTP clients when no call is on them; the next call makes new ones. */
  public void closeSession() {
    session.close();
  }

  /** As {@link #closeSession}: the end of a try block. */
  @Override
  public void close() {
    closeSession();
  }

  /** {@code dendrite(<ss58>)}. */
  @Override
  public String toString() {
    return "dendrite(" + keypair.address().text() + ")";
  }
}
