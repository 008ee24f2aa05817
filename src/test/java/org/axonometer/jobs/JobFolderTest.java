package org.axonometer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFolderTest {
  @TempDir Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    for (String name : new String[] {"text-probe.yaml", "demo.yml", "README.md", ".hidden.yaml"}) {
      Files.writeString(folder.resolve(name), JobFileTest.SMALLEST);
    }
    Files.createDirectory(folder.resolve("old.yaml"));
  }

  @Test
  void listsJobFilesByName() {
    assertThat(new JobFolder(folder).jobs())
        .containsExactly(
            java.util.Map.entry("demo", folder.resolve("demo.yml")),
            java.util.Map.entry("text-probe", folder.resolve("text-probe.yaml")));
  }

  @Test
  void findsAJobByNameAndByPath() {
    JobFolder jobs = new JobFolder(folder);

    assertThat(jobs.find("demo")).isEqualTo(folder.resolve("demo.yml"));
    assertThat(jobs.find(folder + "/demo.yml")).isEqualTo(folder.resolve("demo.yml"));
    assertThat(new JobFolder(Path.of("/nowhere")).find(folder + "/demo.yml"))
        .isEqualTo(folder.resolve("demo.yml"));
  }

  @Test
  void namesTheJobsThatExistAndTheNearest() {
    assertThatThrownBy(() -> new JobFolder(folder).find("dmeo"))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "no job \"dmeo\"; did you mean \"demo\"? jobs in " + folder + ": demo, text-probe");
    assertThatThrownBy(() -> new JobFolder(folder).find("weather"))
        .hasMessage("no job \"weather\"; jobs in " + folder + ": demo, text-probe");
  }

  @Test
  void saysSoWhenAPathLeadsNowhere() {
    assertThatThrownBy(() -> new JobFolder(folder).find("jobs/none.yaml"))
        .isInstanceOf(JobException.class)
        .hasMessage("jobs/none.yaml: no such file");
    assertThatThrownBy(() -> new JobFolder(folder).find("a\0b/c"))
        .isInstanceOf(JobException.class)
        .hasMessage("\"a\\u0000b/c\" is not a path");
  }

  @Test
  void saysSoWhenTheFolderIsMissingOrEmpty(@TempDir Path empty) {
    Path missing = empty.resolve("jobs");

    assertThatThrownBy(() -> new JobFolder(missing).find("demo"))
        .isInstanceOf(JobException.class)
        .hasMessage(missing + ": no folder of job files that can be read");
    assertThatThrownBy(() -> new JobFolder(empty).find("demo"))
        .hasMessage("no job \"demo\"; " + empty + " holds no job files");
  }

  @Test
  void refusesTwoFilesOfOneName() throws IOException {
    Files.writeString(folder.resolve("demo.yaml"), JobFileTest.SMALLEST);

    assertThatThrownBy(() -> new JobFolder(folder).jobs())
        .isInstanceOf(JobException.class)
        .hasMessageContaining("demo.yml")
        .hasMessageContaining("demo.yaml")
        .hasMessageEndingWith(" are the same job; remove one of them");
  }
}
