package org.axonometer.rounds;

import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.axonometer.dendrite.Dendrite;
import org.axonometer.dendrite.WarmUp;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.synapse.Caller;
import org.axonometer.synapse.Nonces;
import org.axonometer.synapse.Question;
import org.axonometer.synapse.SynapseType;
import org.axonometer.wallet.Hotkey;

/**
 * Compiles the path of a query on sockets of our own, so that the first axons are measured like the
 * last. Once a process. Thread-safe.
 */
final class WarmingUp {
  /** Fewer in rehearsals whose times nobody reads. */
  private static final int QUERIES = Integer.getInteger("axonometer.warm-up", 1_000);

  private static final int CONCURRENCY = 32;
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Nonces nonces;
  private final BooleanSupplier stopping;
  private boolean warm;

  WarmingUp(Nonces nonces, BooleanSupplier stopping) {
    this.nonces = nonces;
    this.stopping = stopping;
  }

  /**
   * Unless it was done: before a round is taken, so that neither deadline nor lease pays for it.
   */
  synchronized void forAJob(JobDefinition job) {
    if (warm) {
      return;
    }
    var stranger = new Caller(Hotkey.generate(), job.asking().dendriteIp(), Caller.NEWEST_VERSION);
    Ss58Address axon = Hotkey.generate().address();
    SynapseType synapse = job.constantSynapse();
    Question question = Question.of(synapse, job.fields());
    long enoughNanos = System.nanoTime() + LONGEST.toNanos();
    try (Dendrite dendrite = new Dendrite(job.storing().maxResponseBytes())) {
      int answered =
          WarmUp.run(
              dendrite,
              synapse,
              endpoint ->
                  question.sign(
                      stranger,
                      axon,
                      endpoint,
                      TIMEOUT,
                      UUID.randomUUID().toString(),
                      nonces.next()),
              QUERIES,
              CONCURRENCY,
              () -> !stopping.getAsBoolean() && System.nanoTime() < enoughNanos);
      if (answered == 0 && !stopping.getAsBoolean()) {
        throw new RoundException(
            RoundException.Reason.FAILED,
            "this machine cannot even ask itself: no query to our own loopback socket was answered; nobody was asked");
      }
      warm = !stopping.getAsBoolean();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
