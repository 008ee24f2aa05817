package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The list of what the jar is made of, against the jar. */
class SbomIT {
  private static final Path JAR = Path.of(System.getProperty("axonometer.jar", ""));
  private static final String LIBRARIES = "BOOT-INF/lib/";

  @Test
  void namesTheJarsLibrariesAndNoOther() throws IOException {
    Path list = Path.of("target", "axonometer.cdx.json");
    Assumptions.assumeTrue(
        Files.exists(list), "skipped: Maven was offline (-o), then its plugin makes no list");
    JsonNode bom = JsonMapper.shared().readTree(Files.readString(list));
    assertThat(bom.path("bomFormat").stringValue()).isEqualTo("CycloneDX");
    Set<String> listed =
        bom.path("components").valueStream().map(SbomIT::file).collect(Collectors.toSet());
    Set<String> libraries = libraries();
    // Starters are lists of dependencies without a class, which Boot leaves out; its own tool for
    // unpacking the jar is put in by it, and is nobody's dependency.
    listed.removeIf(name -> name.startsWith("spring-boot-starter"));
    libraries.removeIf(name -> name.startsWith("spring-boot-jarmode-tools"));
    assertThat(libraries).hasSizeGreaterThan(40);
    assertThat(listed).isEqualTo(libraries);
    assertThat(bom.path("components").valueStream())
        .allSatisfy(
            component ->
                assertThat(
                        component
                            .path("hashes")
                            .valueStream()
                            .map(hash -> hash.path("alg").asString()))
                    .contains("SHA-256"));
  }

  private static String file(JsonNode component) {
    return "%s-%s.jar"
        .formatted(component.path("name").stringValue(), component.path("version").stringValue());
  }

  private static Set<String> libraries() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
          .map(name -> name.substring(LIBRARIES.length()))
          .collect(Collectors.toSet());
    }
  }
}
