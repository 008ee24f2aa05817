package org.axonometer.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.axonometer.history.FailureText;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobException;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.SnapshotException;
import org.axonometer.rounds.RoundSnapshot;
import org.axonometer.wallet.HotkeyFile;
import org.axonometer.wallet.PasswordNeededException;
import org.axonometer.wallet.WalletDirectory;
import org.axonometer.wallet.WalletException;

/** Looks at job files, their snapshots and their wallets. */
record JobCheckup(Checkup checkup, WalletFlags wallet, KeptSnapshots kept, Instant now) {

  /**
   * The jobs that parse, and are not passed over.
   *
   * @param everRun jobs that ran; of the others those without a schedule are passed over. Empty:
   *     none is
   */
  List<JobDefinition> look(Iterable<Path> files, Optional<Set<String>> everRun) {
    List<JobDefinition> jobs = new ArrayList<>();
    for (Path file : files) {
      JobFile.warnings(file).forEach(warning -> checkup.warn("job file", warning));
      try {
        JobDefinition job = wallet.over(JobFile.readToSchedule(file, now));
        if (job.schedule().isEmpty()
            && everRun.filter(ran -> !ran.contains(job.name())).isPresent()) {
          checkup.ok(
              "job " + job.name(),
              "%s, not looked into: %s".formatted(file, JobStatus.NEVER_MEANT_TO_RUN));
          continue;
        }
        checkup.ok("job " + job.name(), file.toString());
        job.warnings().forEach(warning -> checkup.warn("job " + job.name(), warning));
        jobs.add(job);
        look(job);
      } catch (JobException e) {
        checkup.configuration("job file", FailureText.firstLine(e));
      }
    }
    return jobs;
  }

  private void look(JobDefinition job) {
    Optional<MetagraphSnapshot> snapshot = snapshot(job);
    hotkey(job)
        .ifPresent(hotkey -> snapshot.ifPresent(there -> lookAtRegistration(job, hotkey, there)));
  }

  private Optional<MetagraphSnapshot> snapshot(JobDefinition job) {
    String name = "snapshot of " + job.name();
    try {
      RoundSnapshot checked = RoundSnapshot.stored(job, kept).checked(job, Optional.empty(), now);
      MetagraphSnapshot snapshot = checked.snapshot();
      checkup.ok(
          name,
          "%s %s at block %d, %s old (%s), %d neurons%s"
              .formatted(
                  snapshot.network(),
                  snapshot.netuid(),
                  snapshot.block(),
                  DurationFlag.show(Duration.between(snapshot.takenAt(), now)),
                  MetagraphSnapshot.ageText(snapshot.age(now)),
                  snapshot.neurons().size(),
                  checked.notes().isEmpty() ? "" : "; " + String.join("; ", checked.notes())));
      return Optional.of(snapshot);
    } catch (SnapshotException e) {
      checkup.configuration(name, FailureText.firstLine(e));
      return Optional.empty();
    }
  }

  private Optional<HotkeyFile> hotkey(JobDefinition job) {
    try {
      HotkeyFile file =
          new WalletDirectory(job.wallet().path())
              .describe(job.wallet().name(), job.wallet().hotkey(), wallet.unattendedKeyring());
      checkup.ok(
          "wallet of " + job.name(),
          "%s/%s opens, %s%s"
              .formatted(
                  file.wallet(),
                  file.hotkey(),
                  file.address(),
                  file.encryption().map(", encrypted (%s)"::formatted).orElse("")));
      return Optional.of(file);
    } catch (PasswordNeededException e) {
      checkup.warn("wallet of " + job.name(), FailureText.firstLine(e));
      return Optional.empty();
    } catch (WalletException e) {
      checkup.fault("wallet of " + job.name(), FailureText.firstLine(e));
      return Optional.empty();
    }
  }

  private void lookAtRegistration(
      JobDefinition job, HotkeyFile hotkey, MetagraphSnapshot snapshot) {
    String name = "registration of " + job.name();
    Optional<Neuron> own =
        snapshot.neurons().stream()
            .filter(neuron -> neuron.hotkey().equals(hotkey.address()))
            .findFirst();
    if (own.isEmpty()) {
      checkup.warn(
          name,
          "%s is not registered on %s %s at block %d; axons may refuse it"
              .formatted(
                  hotkey.address(), snapshot.network(), snapshot.netuid(), snapshot.block()));
    } else if (!own.get().validatorPermit()) {
      checkup.warn(
          name, "uid %s has no validator permit; axons may refuse it".formatted(own.get().uid()));
    } else {
      checkup.ok(name, "uid %s, with a validator permit".formatted(own.get().uid()));
    }
  }
}
