package org.axonometer.cli;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.axonometer.cli.ReplyPrinter.Heard;
import org.axonometer.dendrite.AskOptions;
import org.axonometer.dendrite.AxonTarget;
import org.axonometer.dendrite.DendriteClient;
import org.axonometer.dendrite.DendriteSettings;
import org.axonometer.dendrite.ExternalIp;
import org.axonometer.dendrite.Outcome;
import org.axonometer.dendrite.Reply;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFile;
import org.axonometer.jobs.SynapseFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.rounds.OwnAddresses;
import org.axonometer.rounds.RoundSnapshot;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.ForeignText;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.synapse.Synapse;
import org.axonometer.targets.AddressGuard;
import org.axonometer.targets.Cidr;
import org.axonometer.wallet.Hotkey;
import org.axonometer.wallet.WalletDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One query from the shell, to one axon or several. */
@Command(
    name = "ask",
    mixinStandardHelpOptions = true,
    description = {
      "Sends one signed synapse query to an axon, or to several at the same time, and prints what"
          + " came back. Without --synapse and --job it is the ping: the base class Synapse.",
      "Nothing is stored: for a history run a job. With --json it prints one object for one axon"
          + " and an array for several: what was sent, what was observed, and what the Python"
          + " dendrite would hold.",
      "Exits 2 when an answer is not OK."
    })
final class AskCommand implements Callable<Integer> {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final String DETECT = "detect";
  private static final Duration DETECTING = Duration.ofSeconds(5);
  private static final String NO_IP = "0.0.0.0";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private HomeFlag home = new HomeFlag();
  @Mixin private JobsFlag jobs = new JobsFlag();
  @Mixin private WalletFlags wallet = new WalletFlags();
  @Mixin private JsonFlag json = new JsonFlag();

  @Parameters(
      arity = "1..*",
      paramLabel = "<axon>",
      description = "<ip>:<port>, [<ipv6>]:<port>, or a uid of the snapshot.")
  private List<String> axons = List.of();

  @Option(
      names = "--synapse",
      paramLabel = "<file|job>",
      description =
          "What to ask: a job's name, a job file, or a file with the keys of a synapse block alone."
              + " Default: the job's, or the ping.")
  private @Nullable String synapse;

  @Option(
      names = "--field",
      paramLabel = "<k=v>",
      description =
          "The value of a request field, as JSON; what is not JSON of the field's type is sent as"
              + " text. Repeatable.")
  private Map<String, String> fields = new LinkedHashMap<>();

  @Option(
      names = "--job",
      paramLabel = "<job>",
      description = "Take synapse, wallet, snapshot, timeout and allowed addresses from this job.")
  private @Nullable String job;

  @Option(
      names = "--snapshot",
      paramLabel = "<file>",
      description = "Where uids are looked up. Default: the job's.")
  private @Nullable Path snapshot;

  @Option(
      names = "--hotkey",
      paramLabel = "<ss58>",
      description = "The axon's hotkey; needed for an address the snapshot does not know.")
  private @Nullable String hotkey;

  @Option(
      names = "--timeout",
      paramLabel = "<duration>",
      converter = DurationFlag.class,
      description = "The one deadline of each query, 100ms to 10m. Default: the job's, or 12s.")
  private @Nullable Duration timeout;

  @Option(
      names = "--allow-addresses",
      paramLabel = "<cidr>",
      split = ",",
      description = "Ranges that are asked although they are not public, such as 127.0.0.0/8.")
  private List<String> allowed = List.of();

  @Option(
      names = "--external-ip",
      paramLabel = "<ip|detect>",
      description =
          "What is sent as our own address; detect asks public services for it. Default: the job's,"
              + " or 0.0.0.0.")
  private @Nullable String externalIp;

  @Option(
      names = "--external-ip-service",
      paramLabel = "<url>",
      description =
          "Whom detect asks instead of public services: anyone that answers with the caller's"
              + " address alone. Repeatable.")
  private List<URI> services = List.of();

  @Option(
      names = "--own-ip-is-loopback",
      description = "Ask an axon at our own external address on 127.0.0.1.")
  private boolean ownIpIsLoopback;

  @Option(names = "--sequential", description = "One after another, in order.")
  private boolean sequential;

  @Option(
      names = "--stream",
      description =
          "Print a streamed answer while it comes, also when the synapse does not say streaming:"
              + " true.")
  private boolean stream;

  @Option(
      names = {"-v", "--verbose"},
      description = "Print all headers and bodies.")
  private boolean verbose;

  @Override
  public Integer call() throws InterruptedException {
    Optional<JobDefinition> definition =
        Optional.ofNullable(job).map(name -> JobFile.read(jobs.folder().find(name)));
    Synapse asked = asked(definition);
    DendriteSettings settings = settings(definition);
    List<AxonTarget> targets = axons.stream().map(known(definition, settings)::find).toList();
    AskOptions<Synapse> options =
        AskOptions.defaults().timeout(timeout(definition)).runAsync(!sequential);
    ReplyPrinter printer = new ReplyPrinter(spec.commandLine().getOut());
    try (var dendrite = new DendriteClient(hotkey(definition), settings)) {
      DendriteClient.warnings(asked)
          .forEach(
              warning ->
                  spec.commandLine().getErr().println("warning: " + ForeignText.escape(warning)));
      List<Heard> heard =
          stream || asked.type().streaming().isPresent()
              ? stream(dendrite, targets, asked, options, printer)
              : dendrite.query(targets, asked, options).stream()
                  .map(reply -> new Heard(reply, List.of()))
                  .toList();
      print(printer, heard);
      return heard.stream().allMatch(one -> one.reply().exchange().outcome() == Outcome.OK)
          ? ExitCode.GOOD
          : ExitCode.BELOW_THRESHOLD;
    }
  }

  private List<Heard> stream(
      DendriteClient dendrite,
      List<AxonTarget> targets,
      Synapse asked,
      AskOptions<Synapse> options,
      ReplyPrinter printer)
      throws InterruptedException {
    if (Set.copyOf(targets).size() < targets.size()) {
      throw new CommandException(
          "an axon is named twice; what two streams say could not be told apart");
    }
    Map<AxonTarget, List<String>> parts = new ConcurrentHashMap<>();
    List<Reply<Synapse>> replies =
        dendrite.forwardStreaming(
            targets,
            asked,
            options,
            axon ->
                part -> {
                  parts.computeIfAbsent(axon, ignored -> new ArrayList<>()).add(part.text());
                  if (!json.chosen()) {
                    printer.part(Optional.of(axon).filter(one -> targets.size() > 1), part.text());
                  }
                });
    List<Heard> heard = new ArrayList<>();
    for (int i = 0; i < replies.size(); i++) {
      heard.add(
          new Heard(replies.get(i), List.copyOf(parts.getOrDefault(targets.get(i), List.of()))));
    }
    return heard;
  }

  private void print(ReplyPrinter printer, List<Heard> heard) {
    PrintWriter out = spec.commandLine().getOut();
    if (!json.chosen()) {
      if (heard.size() == 1 && !heard.getFirst().parts().isEmpty()) {
        out.println();
      }
      heard.forEach(one -> printer.text(one.reply(), verbose));
    } else if (axons.size() == 1) {
      printer.json(heard.getFirst());
    } else {
      printer.json(heard);
    }
    out.flush();
  }

  private Synapse asked(Optional<JobDefinition> definition) {
    String name = synapse == null ? job : synapse;
    if (name == null) {
      SynapseFile.refuseUnknown(Synapse.BASE, fields.keySet());
      return Synapse.ping();
    }
    if (synapse == null
        && fields.isEmpty()
        && definition.filter(known -> known.challenge().isEmpty()).isPresent()) {
      return Synapse.of(definition.orElseThrow().synapse(), definition.orElseThrow().fields());
    }
    SynapseFile.Asked read = SynapseFile.read(jobs.folder().find(name), fields);
    return Synapse.of(read.type(), read.fields());
  }

  private AskedAxons known(Optional<JobDefinition> definition, DendriteSettings settings) {
    Optional<MetagraphSnapshot> metagraph =
        Optional.ofNullable(snapshot)
            .map(SnapshotFile::read)
            .or(() -> definition.map(it -> RoundSnapshot.stored(it, home.snapshots()).snapshot()));
    return new AskedAxons(
        metagraph, Optional.ofNullable(hotkey).map(this::ss58), guard(definition, settings));
  }

  private Ss58Address ss58(String text) {
    try {
      return new Ss58Address(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--hotkey: " + e.getMessage(), e);
    }
  }

  private AddressGuard guard(Optional<JobDefinition> definition, DendriteSettings settings) {
    return definition
        .map(it -> it.selection().guard())
        .orElse(AddressGuard.DEFAULT)
        .allowing(allowed.stream().map(AskCommand::cidr).toList())
        .at(own(settings));
  }

  /** This machine, but for the address that stands for loopback. */
  private AddressGuard.Own own(DendriteSettings settings) {
    String ip = settings.externalIp().orElse(NO_IP);
    AddressGuard.Own own = OwnAddresses.of(ip, Set.of());
    if (!ownIpIsLoopback) {
      return own;
    }
    Set<InetAddress> others = new HashSet<>(own.addresses());
    others.remove(AxonEndpoint.literal(ip));
    return new AddressGuard.Own(others, own.services());
  }

  private static Cidr cidr(String text) {
    try {
      return Cidr.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--allow-addresses: " + e.getMessage(), e);
    }
  }

  private Duration timeout(Optional<JobDefinition> definition) {
    Duration chosen =
        timeout != null
            ? timeout
            : definition.map(it -> it.asking().timeout()).orElse(AskOptions.defaults().timeout());
    if (chosen.compareTo(SHORTEST) < 0 || chosen.compareTo(LONGEST) > 0) {
      throw new CommandException(
          "--timeout is %s; it must be 100ms to 10m".formatted(DurationFlag.show(chosen)));
    }
    return chosen;
  }

  private Hotkey hotkey(Optional<JobDefinition> definition) {
    JobDefinition.Wallet from =
        definition.map(it -> wallet.over(it).wallet()).orElseGet(wallet::overDefaults);
    return new WalletDirectory(from.path()).open(from.name(), from.hotkey(), wallet.keyring());
  }

  private DendriteSettings settings(Optional<JobDefinition> definition)
      throws InterruptedException {
    DendriteSettings settings =
        DendriteSettings.defaults().ownIpIsLoopback(ownIpIsLoopback).historyLength(0);
    if (definition.isPresent()) {
      settings = settings.maxBodyBytes(definition.get().storing().maxResponseBytes());
    }
    String ip = ip(definition);
    try {
      return ip == null ? settings : settings.externalIp(ip);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--external-ip: " + e.getMessage(), e);
    }
  }

  private @Nullable String ip(Optional<JobDefinition> definition) throws InterruptedException {
    if (externalIp == null) {
      return definition.map(it -> it.asking().dendriteIp()).orElse(null);
    }
    if (!externalIp.equals(DETECT)) {
      return externalIp;
    }
    return ExternalIp.detect(services.isEmpty() ? ExternalIp.SERVICES : services, DETECTING)
        .orElseThrow(
            () ->
                new CommandException(
                    "--external-ip: no service told our address; write it instead"));
  }
}
