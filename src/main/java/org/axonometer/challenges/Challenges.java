package org.axonometer.challenges;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonometer.history.Challenge;
import org.axonometer.history.Database;
import org.axonometer.history.NewChallenges;
import org.axonometer.history.NewChallenges.CursorMove;
import org.axonometer.history.StoredChallenges;
import org.axonometer.jobs.ChallengeRule;
import org.axonometer.jobs.ChallengeRule.Per;
import org.axonometer.synapse.Question;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the challenges of a round and checks each against the synapse. Reads files, asks the
 * history and runs commands when it is made, so that what remains inside the opening's transaction
 * is arithmetic. Asks no axon.
 */
public final class Challenges implements NewChallenges.Maker {
  private static final Logger log = LoggerFactory.getLogger(Challenges.class);

  private final ChallengedRound round;
  private final Optional<ChallengeRule> rule;
  private final Optional<TemplateSource> template;
  private final List<Given> given;
  private final Optional<String> source;
  private final long handedOut;

  private Challenges(
      ChallengedRound round,
      Optional<TemplateSource> template,
      List<Given> given,
      Optional<String> source,
      long handedOut) {
    this.round = round;
    this.rule = round.job().challenge();
    this.template = template;
    this.given = given;
    this.source = source;
    this.handedOut = handedOut;
  }

  /**
   * Gets ready what the round needs.
   *
   * @param database the history; empty where there is none yet
   * @throws ChallengeException when the source gives too few, too many, too much, or nothing that
   *     the synapse takes
   */
  public static Challenges of(ChallengedRound round, Optional<Database> database) {
    if (round.job().challenge().isEmpty() || round.recipients().isEmpty()) {
      return new Challenges(round, Optional.empty(), List.of(), Optional.empty(), 0);
    }
    ChallengeRule rule = round.job().challenge().get();
    int count = rule.per() == Per.ROUND ? 1 : round.recipients().size();
    return switch (rule.source()) {
      case ChallengeRule.Template kind -> {
        var template = new TemplateSource(kind);
        Optional<String> source =
            template.usesCounter() ? Optional.of(TemplateSource.COUNTER) : Optional.empty();
        yield new Challenges(
            round,
            Optional.of(template),
            List.of(),
            source,
            source.map(name -> handedOut(database, round, name)).orElse(0L));
      }
      case ChallengeRule.Lines kind -> {
        LineFile file = LineFile.read(kind, rule.limits());
        long handedOut = handedOut(database, round, file.source());
        yield new Challenges(
            round,
            Optional.empty(),
            file.after(handedOut, count),
            Optional.of(file.source()),
            handedOut);
      }
      case ChallengeRule.Query kind -> {
        Database history =
            database.orElseThrow(
                () ->
                    new ChallengeException(
                        "challenge.query: there is no history to ask yet; run a round of another job first"));
        yield fixed(round, new QuerySource(kind, history).of(round, rule));
      }
      case ChallengeRule.Command kind ->
          fixed(round, new CommandSource(kind).of(round, rule, count));
    };
  }

  private static Challenges fixed(ChallengedRound round, List<Given> given) {
    return new Challenges(round, Optional.empty(), given, Optional.empty(), 0);
  }

  private static long handedOut(Optional<Database> database, ChallengedRound round, String source) {
    return database
        .map(history -> new StoredChallenges(history).handedOut(round.job().name(), source))
        .orElse(0L);
  }

  @Override
  public NewChallenges of(long roundId) {
    if (rule.isEmpty() || round.recipients().isEmpty()) {
      return NewChallenges.NONE;
    }
    List<Challenge> challenges = new ArrayList<>();
    var check = new Check(rule.get().limits());
    if (rule.get().per() == Per.ROUND) {
      Given one =
          template
              .map(texts -> texts.shared(round, roundId, handedOut + 1))
              .orElseGet(given::getFirst);
      challenges.addAll(forEveryone(one, check));
    } else {
      for (int i = 0; i < round.recipients().size(); i++) {
        Recipient recipient = round.recipients().get(i);
        long counter = handedOut + i + 1;
        Given own =
            template.isPresent()
                ? template.get().of(round, roundId, recipient, counter)
                : given.get(i);
        challenges.add(
            new Challenge(
                Optional.of(recipient.uid()),
                recipient.firstAttempt(),
                round.seedOf(recipient),
                own.origin(),
                check.fields(own)));
      }
    }
    check.warn();
    int used = rule.get().per() == Per.ROUND ? 1 : round.recipients().size();
    return new NewChallenges(
        challenges, source.map(name -> new CursorMove(name, handedOut, handedOut + used)));
  }

  /** One row for all; in an open round's renewal a row each, for the attempts each has left. */
  private List<Challenge> forEveryone(Given one, Check check) {
    String fields = check.fields(one);
    long seed = ChallengeSeed.shared(round.seed());
    if (!round.renewed()) {
      return List.of(new Challenge(Optional.empty(), 1, seed, one.origin(), fields));
    }
    return round.recipients().stream()
        .map(
            recipient ->
                new Challenge(
                    Optional.of(recipient.uid()),
                    recipient.firstAttempt(),
                    seed,
                    one.origin(),
                    fields))
        .toList();
  }

  /** Checks one challenge after the other and counts what they come to. */
  private final class Check {
    private final ChallengeRule.Limits limits;
    private long bytes;
    private final List<String> warned = new ArrayList<>();

    Check(ChallengeRule.Limits limits) {
      this.limits = limits;
    }

    /** All request fields as they are stored. */
    String fields(Given own) {
      ObjectNode fields = round.job().fields().deepCopy();
      fields.setAll(own.fields());
      Question question;
      try {
        question = Question.of(round.job().synapse(), fields);
      } catch (IllegalArgumentException e) {
        throw new ChallengeException(
            own.origin() + ": " + Shown.text(String.valueOf(e.getMessage())), e);
      }
      if (!question.warnings().isEmpty()) {
        warned.add(own.origin() + ": " + question.warnings().getFirst());
      }
      String json = JsonLine.ascii(fields);
      bytes += json.length();
      if (json.length() > limits.maxBodyBytes()) {
        throw new ChallengeException(
            "%s: %d bytes as JSON; challenge.max-body allows %d"
                .formatted(own.origin(), json.length(), limits.maxBodyBytes()));
      }
      if (bytes > limits.maxBytes()) {
        throw new ChallengeException(
            "%s: all challenges up to this one are %d bytes; challenge.max-size allows %d"
                .formatted(own.origin(), bytes, limits.maxBytes()));
      }
      return json;
    }

    void warn() {
      if (!warned.isEmpty()) {
        log.warn(
            "job={} {} of the challenges may not work everywhere, the first is {}",
            round.job().name(),
            warned.size(),
            warned.getFirst());
      }
    }
  }
}
