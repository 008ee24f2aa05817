package org.axonometer;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.io.ObjectInputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rooms of the house, the arrows between them and which room holds which library. Every rule is
 * also put to {@code testing.planted}, where each is broken, to prove that it can fail.
 */
class ArchitectureTest {

  private static final String HOUSE = "org.axonometer";
  private static final String PLANTED = "org.axonometer.testing.planted";

  /** From the lowest up: a room uses rooms of the rows below its own, none of its own row. */
  private static final List<List<String>> ROWS =
      List.of(
          List.of("sr25519", "subnet"),
          List.of("wallet", "metagraph"),
          List.of("synapse", "targets"),
          List.of("dendrite", "jobs"),
          List.of("history"),
          List.of("scoring", "challenges"),
          List.of("rounds", "mockaxons"),
          List.of("schedule"),
          List.of("observability"),
          List.of("cli"));

  private static final Map<String, Integer> ROW_OF =
      IntStream.range(0, ROWS.size())
          .boxed()
          .flatMap(row -> ROWS.get(row).stream().map(room -> Map.entry(room, row)))
          .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));

  private static final JavaClasses house =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(HOUSE);

  @Test
  void readsTheWholeHouse() {
    assertThat(house.stream().map(type -> room(HOUSE, type).orElse("")).distinct())
        .contains("subnet", "sr25519", "wallet", "synapse", "dendrite", "cli");
  }

  static Stream<String> rules() {
    return rulesOf(HOUSE).keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theHouseKeeps(String rule) {
    rulesOf(HOUSE).get(rule).check(house);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void reportsABreachOf(String rule) {
    JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);

    assertThat(rulesOf(PLANTED).get(rule).evaluate(planted).getFailureReport().getDetails())
        .isNotEmpty()
        .allSatisfy(breach -> assertThat(breach).contains(PLANTED + ".synapse"));
  }

  private static Map<String, ArchRule> rulesOf(String root) {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    rules.put("arrows go down only", classes().should(useLowerRoomsOnly(root)));
    rules.put("every package is null-marked", classes().should(BE_NULL_MARKED));
    rules.put(
        "Spring Batch in rounds only", only(root, List.of("rounds"), "org.springframework.batch"));
    rules.put("Quartz in schedule only", only(root, List.of("schedule"), "org.quartz"));
    rules.put(
        "the HTTP client in dendrite and metagraph only",
        only(root, List.of("dendrite", "metagraph"), "java.net.http"));
    rules.put("JDBC in history only", jdbcInHistoryOnly(root));
    rules.put("Flyway in history only", only(root, List.of("history"), "org.flywaydb"));
    rules.put(
        "Micrometer in observability only", only(root, List.of("observability"), "io.micrometer"));
    rules.put("picocli in cli only", only(root, List.of("cli"), "picocli"));
    rules.put("progress bars in cli only", only(root, List.of("cli"), "me.tongfei.progressbar"));
    rules.put(
        "Bouncy Castle in sr25519, subnet and wallet only",
        only(root, List.of("sr25519", "subnet", "wallet"), "org.bouncycastle"));
    rules.put("Ristretto in sr25519 only", only(root, List.of("sr25519"), "cafe.cryptography"));
    rules.put("pure rooms know no Spring", pureRoomsKnowNoSpring(root));
    rules.put("only cli prints", onlyCliPrints(root));
    rules.put(
        "nobody reads Java objects from bytes",
        noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class));
    // What a miner sends meets a JSON parser and no other.
    rules.put("YAML in jobs only", only(root, List.of("jobs"), "org.snakeyaml"));
    rules.put("YAML as Java objects nowhere", only(root, List.of(), "org.yaml"));
    rules.put("XML nowhere", nobodyReadsXml());
    return rules;
  }

  private static ArchCondition<JavaClass> useLowerRoomsOnly(String root) {
    return new ArchCondition<>("use rooms of lower rows only") {
      @Override
      public void check(JavaClass from, ConditionEvents events) {
        Optional<Integer> row = room(root, from).map(ROW_OF::get);
        if (row.isEmpty()) {
          events.add(violated(from, from.getName() + " is in no room of " + ROWS));
          return;
        }
        for (Dependency arrow : from.getDirectDependenciesFromSelf()) {
          Optional<String> other =
              room(root, arrow.getTargetClass()).filter(to -> !room(root, from).get().equals(to));
          if (other.map(ROW_OF::get).filter(below -> below >= row.get()).isPresent()) {
            events.add(violated(from, arrow.getDescription()));
          }
        }
      }
    };
  }

  private static final ArchCondition<JavaClass> BE_NULL_MARKED =
      new ArchCondition<>("be in a package with @NullMarked in its package-info") {
        @Override
        public void check(JavaClass type, ConditionEvents events) {
          if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
            events.add(violated(type, type.getName() + " is not null-marked"));
          }
        }
      };

  private static ArchRule only(String root, List<String> rooms, String library) {
    return outside(root, rooms).should().dependOnClassesThat(resideInAPackage(library + ".."));
  }

  private static ArchRule jdbcInHistoryOnly(String root) {
    DescribedPredicate<JavaClass> jdbc =
        resideInAPackage("java.sql..")
            .or(resideInAPackage("javax.sql.."))
            .or(resideInAPackage("org.springframework.jdbc.."))
            .or(resideInAPackage("org.h2.."))
            .or(resideInAPackage("org.postgresql.."));
    // A step is handed its transaction manager by type; the data source behind it stays in history.
    DescribedPredicate<JavaClass> transactionManager =
        name("org.springframework.jdbc.support.JdbcTransactionManager").forSubtype();
    // Quartz' store is handed connections, which its interface names; the statements are its own.
    return outside(root, List.of("history"))
        .and(not(nameMatching(".*\\.schedule\\.SharedAlarm(\\$.*)?")))
        .should()
        .dependOnClassesThat(jdbc.and(not(transactionManager)));
  }

  private static ArchRule pureRoomsKnowNoSpring(String root) {
    String[] pure =
        Stream.of("subnet", "sr25519", "wallet", "synapse", "targets", "metagraph", "jobs")
            .map(room -> root + "." + room + "..")
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAnyPackage(pure)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.springframework..");
  }

  private static ArchRule onlyCliPrints(String root) {
    return outside(root, List.of("cli"))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace");
  }

  private static ArchRule nobodyReadsXml() {
    return noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("javax.xml..")
                .or(resideInAPackage("org.xml..").or(resideInAPackage("org.w3c.."))));
  }

  private static GivenClassesConjunction outside(String root, List<String> rooms) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(
            rooms.stream().map(room -> root + "." + room + "..").toArray(String[]::new));
  }

  /** The room a class is in; empty for a class of another house or of none. */
  private static Optional<String> room(String root, JavaClass type) {
    String below = type.getPackageName();
    if (!below.startsWith(root + ".")) {
      return Optional.empty();
    }
    String path = below.substring(root.length() + 1);
    int end = path.indexOf('.');
    return Optional.of(end < 0 ? path : path.substring(0, end));
  }
}
