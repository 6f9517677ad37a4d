package io.tuneplane;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The house's rules on who may see whom; ARCHITECTURE.md says the same in words.
class ArchitectureTest {

  private static final String BASE = "io.tuneplane";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(BASE);

  /// What each package may see of the others. The root package may see everything.
  private static final Map<String, List<String>> MAY_SEE =
      Map.ofEntries(
          Map.entry("config", List.of()),
          Map.entry("model", List.of("config")),
          Map.entry("dataset", List.of("model", "config")),
          Map.entry("cost", List.of("dataset", "model", "config")),
          Map.entry("policy", List.of("cost", "dataset", "model", "config")),
          Map.entry("backend", List.of("policy", "cost", "dataset", "model", "config")),
          Map.entry("decision", List.of("backend", "policy", "cost", "dataset", "model", "config")),
          Map.entry(
              "job",
              List.of("decision", "backend", "policy", "cost", "dataset", "model", "config")),
          Map.entry(
              "store",
              List.of(
                  "access",
                  "job",
                  "decision",
                  "backend",
                  "policy",
                  "cost",
                  "dataset",
                  "model",
                  "config")),
          Map.entry(
              "api",
              List.of(
                  "migration",
                  "access",
                  "job",
                  "decision",
                  "backend",
                  "policy",
                  "cost",
                  "dataset",
                  "model",
                  "config")),
          Map.entry(
              "cli",
              List.of(
                  "migration",
                  "client",
                  "access",
                  "api",
                  "job",
                  "decision",
                  "backend",
                  "policy",
                  "cost",
                  "dataset",
                  "model",
                  "config")),
          Map.entry("access", List.of("config")),
          Map.entry(
              "migration",
              List.of(
                  "job", "decision", "backend", "policy", "cost", "dataset", "model", "config")),
          Map.entry(
              "http",
              List.of(
                  "migration",
                  "api",
                  "access",
                  "job",
                  "decision",
                  "backend",
                  "policy",
                  "cost",
                  "dataset",
                  "model",
                  "config")),
          Map.entry(
              "client",
              List.of(
                  "migration",
                  "api",
                  "access",
                  "job",
                  "decision",
                  "backend",
                  "policy",
                  "cost",
                  "dataset",
                  "model",
                  "config")),
          Map.entry("runner", List.of("model", "dataset")));

  @Test
  void packagesSeeOnlyWhatTheTableAllows() {
    MAY_SEE.forEach((name, allowed) -> {
      String[] permitted =
          Stream.concat(Stream.of(name), allowed.stream())
              .map(p -> BASE + "." + p + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(BASE + "." + name + "..")
          .should()
          .dependOnClassesThat(
              resideInAPackage(BASE + "..").and(resideInAnyPackage(permitted).negate()))
          .because("the direction of dependencies is what keeps " + name + " explainable")
          .check(CLASSES);
    });
  }

  @Test
  void everyPackageIsInTheTable() {
    List<String> unknown =
        CLASSES.stream()
            .map(c -> c.getPackageName())
            .filter(p -> p.startsWith(BASE + "."))
            .map(p -> p.substring(BASE.length() + 1).replaceFirst("\\..*", ""))
            .distinct()
            .filter(p -> !MAY_SEE.containsKey(p))
            .toList();
    assertThat(unknown).isEmpty();
  }

  @Test
  void backendsDoNotSeeEachOther() {
    slices()
        .matching(BASE + ".backend.(*)..")
        .should()
        .notDependOnEachOther()
        .because("a place must be removable without touching another")
        .check(CLASSES);
  }

  @Test
  void noCyclesBetweenPackages() {
    slices()
        .matching(BASE + ".(*)..")
        .should()
        .beFreeOfCycles()
        .because("a cycle makes two packages one")
        .check(CLASSES);
  }

  @Test
  void theModelsThatDecideDoNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAnyPackage(BASE + ".cost..", BASE + ".policy..", BASE + ".decision..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.net..", "java.sql..")
        .orShould()
        .callMethodWhere(
            com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                    resideInAPackage("java.nio.channels.."))))
        .because("the same inputs must give the same answer")
        .check(CLASSES);
  }

  @Test
  void onlyTheRootAsksTheClockTheEnvironmentOrSleeps() {
    noClasses()
        .that()
        .resideOutsideOfPackages(BASE, BASE + ".runner..")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .because("a test must be able to turn the clock")
        .check(CLASSES);
  }

  @Test
  void onlyTheEdgesUseStandardStreams() {
    noClasses()
        .that()
        .resideOutsideOfPackages(BASE, BASE + ".cli..", BASE + ".runner")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .because("data goes to standard output and words to standard error, from one place")
        .check(CLASSES);
  }

  @Test
  void providersAreReachedFromTheirBackendsOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            BASE + ".backend..",
            BASE + ".model..",
            BASE + ".http..",
            BASE + ".client..",
            BASE + ".runner.remote..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .because(
            "bytes leave through a backend, with a clearance; models come in through the store; the"
                + " client and a runner in a pod talk to our own server")
        .check(CLASSES);
  }

  /// The settings know the address of OpenAI's API as their default; it is sent nothing from there.
  @Test
  void providersAddressesStandInTheirBackendsOnly() throws IOException {
    Path sources = Path.of("src", "main", "java", "io", "tuneplane");
    Path backends = sources.resolve("backend");
    Path settings = sources.resolve(Path.of("config", "Settings.java"));
    try (Stream<Path> files = Files.walk(sources)) {
      List<Path> elsewhere =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.startsWith(backends) && !file.equals(settings))
              .filter(ArchitectureTest::namesAProvidersHost)
              .toList();
      assertThat(elsewhere).isEmpty();
    }
    assertThat(backends.resolve("vertex").resolve("VertexSettings.java"))
        .as("what is looked for is there to be found")
        .content()
        .contains("aiplatform.googleapis.com");
  }

  private static boolean namesAProvidersHost(Path file) {
    try {
      String text = Files.readString(file);
      return text.contains("googleapis.com") || text.contains("api.openai.com");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void eachProvidersSdkIsUsedByItsBackendOnly() {
    only("com.openai..", "openai");
    for (String sdk : List.of("com.google.genai..", "com.google.cloud..", "com.google.auth..")) {
      only(sdk, "vertex");
    }
    only("io.kubernetes..", "kubernetes");
    only("okhttp3..", "openai", "vertex", "kubernetes");
    only("okio..", "openai", "vertex", "kubernetes");
  }

  private static void only(String library, String... backends) {
    String[] homes =
        Arrays.stream(backends).map(b -> BASE + ".backend." + b + "..").toArray(String[]::new);
    noClasses()
        .that()
        .resideOutsideOfPackages(homes)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because("a provider is reached with a clearance, or not at all")
        .check(CLASSES);
  }

  @Test
  void noSqlOutsideTheStore() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BASE + ".store..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.sql..")
        .because("one schema, in one place")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void noMutableStatics() {
    noFields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(BASE + "..")
        .and()
        .areStatic()
        .and()
        .areNotFinal()
        .should(com.tngtech.archunit.lang.conditions.ArchConditions.be(alwaysTrue()))
        .because("static state makes two Tuneplanes in one process one")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void errorsHaveNamesAndLoggingHasOneWay() {
    NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(CLASSES);
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CLASSES);
  }

  @Test
  void commandsHaveNoPublicParts() {
    classes()
        .that()
        .resideInAPackage(BASE + ".cli..")
        .and()
        .haveSimpleNameEndingWith("Command")
        .should()
        .notBePublic()
        .because("a command is called by its name, not by its class")
        .check(CLASSES);
  }

  @Test
  void theRulesReallySawTheHouse() {
    assertThat(CLASSES.size()).isGreaterThan(100);
    assertThat(Arrays.asList("backend", "cli", "dataset", "model"))
        .allSatisfy(p -> assertThat(CLASSES.containPackage(BASE + "." + p)).isTrue());
  }
}
