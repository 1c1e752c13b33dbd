package cnnlab;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.store.Json;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the rooms: which package may use which other package, and who may use which library. */
class ArchitectureTest {
  private static final String ROOT = "cnnlab";

  /** Each room and the rooms it may use besides itself; CONTRIBUTING.md says what they hold. */
  private static final Map<String, List<String>> ROOMS =
      Map.ofEntries(
          // The contact sheet of `cnnlab augment` shows what an augmentation does, so the command
          // line uses its room too.
          Map.entry(
              "",
              List.of("sweep", "experiment", "crosscheck", "augment", "data", "runs", "report")),
          // Built with the profile `spark` alone; the service loader finds it.
          Map.entry("spark", List.of("", "sweep", "experiment", "data", "io")),
          // Above the experiments, whose trainings it runs; they know nothing of it.
          Map.entry("sweep", List.of("experiment", "data", "report", "statistics")),
          Map.entry(
              "experiment",
              List.of(
                  "crosscheck",
                  "engine",
                  "scratch",
                  "model",
                  "keras",
                  "augment",
                  "data",
                  "runs",
                  "report",
                  "statistics")),
          Map.entry("crosscheck", List.of("model", "scratch", "scratch64", "engine")),
          Map.entry("engine", List.of("model", "scratch", "data", "io")),
          // Its compilers alone, which translate the pieces that DL4J lacks: see below.
          Map.entry("scratch", List.of("model")),
          // The build makes it from the sources of scratch.
          Map.entry("scratch64", List.of()),
          Map.entry("model", List.of()),
          Map.entry("keras", List.of("model")),
          // It reads image sets and makes batches of them.
          Map.entry("augment", List.of("data")),
          Map.entry("data", List.of("io")),
          // What report has written, read again.
          Map.entry("runs", List.of("report")),
          Map.entry("report", List.of("io", "statistics")),
          Map.entry("io", List.of()),
          Map.entry("report.reproduction", List.of("report", "statistics")),
          Map.entry("statistics", List.of()));

  private static final String[] NETWORK_LIBRARY = {
    "org.deeplearning4j..", "org.nd4j..", "org.datavec..", "org.bytedeco.."
  };

  /** Ours alone: the jars on the class path have a package org.nd4j.nativeblas too. */
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());

  static Stream<String> rooms() {
    return ROOMS.keySet().stream();
  }

  @ParameterizedTest(name = "cnnlab {0}")
  @MethodSource("rooms")
  void aRoomUsesOnlyTheRoomsItMay(String room) {
    String[] allowed =
        Stream.concat(Stream.of(room), ROOMS.get(room).stream())
            .map(ArchitectureTest::packageOf)
            .toArray(String[]::new);
    DescribedPredicate<JavaClass> otherRooms =
        resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed)));
    noClasses()
        .that()
        .resideInAPackage(packageOf(room))
        .should()
        .dependOnClassesThat(otherRooms)
        .allowEmptyShould(true)
        .check(OURS);
  }

  @Test
  void everyClassIsInARoom() {
    Set<String> packages = OURS.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    Set<String> known =
        ROOMS.keySet().stream()
            .map(room -> packageOf(room).replace("..", ""))
            .collect(Collectors.toSet());
    known.add("org.nd4j.nativeblas");
    assertThat(known).containsAll(packages);
  }

  @Test
  void roomsHaveNoCycles() {
    slices().matching("cnnlab.(*)..").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void theNetworkLibraryStaysInItsRooms() {
    noClasses()
        .that()
        .resideInAnyPackage("cnnlab", "cnnlab.data..", "cnnlab.runs..", "cnnlab.report..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(NETWORK_LIBRARY))
        .check(OURS);
  }

  @Test
  void experimentsOnlyCarryGraphsFromRoomToRoom() {
    noClasses()
        .that()
        .resideInAPackage("cnnlab.experiment..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(NETWORK_LIBRARY).and(not(equivalentTo(ComputationGraph.class))))
        .check(OURS);
  }

  @Test
  void theNetworkFromScratchKnowsTheLibraryOnlyWhereItIsCompiled() {
    noClasses()
        .that()
        .resideInAPackage("cnnlab.scratch..")
        .and()
        .haveNameNotMatching(".*(Compiler|GraphParameters)(\\$.*)?")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(NETWORK_LIBRARY).or(resideInAPackage("cnnlab.model..")))
        .check(OURS);
  }

  /** Who wants a picture hands numbers and words to a plot. */
  @Test
  void onlyPlotsDraw() {
    noClasses()
        .that()
        .resideOutsideOfPackage("cnnlab.report")
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.awt..", "javax.imageio..", "javax.swing.."))
        .check(OURS);
  }

  @Test
  void onlyCommandsKnowTheCommandLine() {
    classes()
        .that(DescribedPredicate.describe("use picocli", ArchitectureTest::usesPicocli))
        .should()
        .resideInAnyPackage("cnnlab", "cnnlab.experiment")
        .check(OURS);
  }

  /** The files of Keras and DL4J are read with limits of their own. */
  @Test
  void mappersOfJsonAreMadeInOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Json.class.getName())
        .and()
        .resideOutsideOfPackages("cnnlab.keras..", "cnnlab.model..")
        .should()
        .dependOnClassesThat(assignableTo(ObjectMapper.class).or(assignableTo(JsonFactory.class)))
        .check(OURS);
  }

  private static boolean usesPicocli(JavaClass c) {
    return c.getDirectDependenciesFromSelf().stream()
        .anyMatch(d -> d.getTargetClass().getPackageName().startsWith("picocli"));
  }

  private static String packageOf(String room) {
    return room.isEmpty() ? ROOT : ROOT + "." + room + "..";
  }
}
