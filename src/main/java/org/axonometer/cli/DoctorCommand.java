package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.axonometer.history.FailureText;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at everything a round needs, without asking anybody. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Checks job files, snapshots, wallets, the database with every sealed round's invariants and seal, clock,"
          + " descriptors, disk and folders; one line each: ok, warn or FAIL. Contacts nobody.",
      "Exits 0 without a FAIL, 5 when database or wallet fail, else 1."
    })
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Home home = new Home();
  @Mixin private WalletFlags wallet = new WalletFlags();
  @Mixin private JsonFlag json = new JsonFlag();

  @Parameters(
      arity = "0..1",
      paramLabel = "<job>",
      description =
          "This job only, by name or path. Default: every job that has a schedule or was ever run.")
  private @Nullable String job;

  @Override
  public Integer call() {
    var checkup = new Checkup();
    var history = new HistoryCheckup(checkup, home);
    List<JobDefinition> jobs =
        new JobCheckup(checkup, wallet, home.snapshots(), Instant.now())
            .look(files(checkup), job == null ? history.everRun() : Optional.empty());
    var machine = new MachineCheckup(checkup, home.path(), home.exports());
    machine.lookAtClock();
    machine.lookAtDescriptors(jobs);
    machine.lookAtMemory(jobs);
    machine.lookAtDisk();
    machine.lookAtExports();
    List<String> chosen = job == null ? List.of() : jobs.stream().map(JobDefinition::name).toList();
    if (job == null || !chosen.isEmpty()) {
      history.look(chosen);
    }
    print(spec.commandLine().getOut(), checkup);
    return checkup.exitCode();
  }

  private List<Path> files(Checkup checkup) {
    if (job != null) {
      return List.of(home.jobs().find(job));
    }
    try {
      List<Path> files = List.copyOf(home.jobs().jobs().values());
      if (files.isEmpty()) {
        checkup.warn("job files", "there are none");
      }
      return files;
    } catch (JobException e) {
      checkup.configuration("job files", FailureText.firstLine(e));
      return List.of();
    }
  }

  private void print(PrintWriter out, Checkup checkup) {
    if (json.chosen()) {
      JsonFlag.print(
          out,
          Map.of(
              "exit_code",
              checkup.exitCode(),
              "checks",
              checkup.findings().stream().map(DoctorCommand::asMap).toList()));
    } else {
      checkup.findings().forEach(out::println);
    }
    out.flush();
  }

  private static Map<String, String> asMap(Checkup.Finding finding) {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("level", finding.level().word());
    map.put("name", finding.name());
    map.put("detail", finding.detail());
    return map;
  }
}
