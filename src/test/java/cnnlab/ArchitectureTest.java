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
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the rooms: which package may use which other package, and who may use which library. */
class ArchitectureTest {
  private static final String ROOT = "cnnlab";

  /** A room of more classes is to be divided; a list of layers alone may be longer. */
  private static final int MOST_CLASSES = 22;

  private static final String LAYERS = "scratch.layer";

  /**
   * Each room and the rooms it may use besides itself, floor by floor from the ground; a room's
   * sub-packages are rooms of their own. CONTRIBUTING.md says what they hold.
   */
  private static final Map<String, List<String>> ROOMS =
      Map.ofEntries(
          // Ground: files, text, scores, configuration, the run directory.
          Map.entry("io", List.of()),
          Map.entry("text", List.of()),
          Map.entry("metric", List.of("text")),
          Map.entry("store", List.of("io", "text")),
          Map.entry("config", List.of("store", "text")),
          // Images.
          Map.entry("data.file", List.of("io", "text")),
          Map.entry("data.download", List.of("io")),
          Map.entry("data", List.of("data.file", "io")),
          Map.entry("data.patch", List.of("data", "data.download", "data.file", "io")),
          Map.entry("data.slide", List.of("data", "data.patch")),
          Map.entry("augment.transform", List.of()),
          Map.entry("augment.colour", List.of("augment.transform", "data.patch")),
          Map.entry("augment", List.of("augment.colour", "augment.transform", "data")),
          // The terminal, pictures, pages; the life of a run.
          Map.entry("console", List.of("store", "text")),
          Map.entry("plot", List.of("io", "text")),
          Map.entry("plot.sheet", List.of("plot", "text")),
          Map.entry("report", List.of("metric", "plot", "store", "text")),
          Map.entry("report.claim", List.of("metric", "report", "store", "text")),
          Map.entry("run.history", List.of("store", "text")),
          Map.entry("run.mlflow", List.of("run.history", "store")),
          Map.entry(
              "run",
              List.of("config", "data", "io", "report.claim", "run.mlflow", "store", "text")),
          // Networks and the files they come in.
          Map.entry("model.layer", List.of()),
          Map.entry("model.norm", List.of()),
          Map.entry("model.product", List.of()),
          Map.entry("model.shape", List.of()),
          Map.entry("model.file", List.of("text")),
          Map.entry("model", List.of("model.layer", "model.shape")),
          Map.entry("model.summary", List.of("io", "model.layer", "model.product", "text")),
          Map.entry("keras.file", List.of("model.file")),
          Map.entry(
              "keras.layer",
              List.of(
                  "keras.file",
                  "model",
                  "model.layer",
                  "model.norm",
                  "model.product",
                  "model.shape")),
          Map.entry("keras", List.of("keras.file", "keras.layer", "model", "model.file")),
          Map.entry("onnx.read", List.of()),
          Map.entry("onnx.window", List.of("onnx.read")),
          Map.entry(
              "onnx.layer",
              List.of(
                  "model",
                  "model.layer",
                  "model.norm",
                  "model.product",
                  "model.shape",
                  "onnx.read",
                  "onnx.window")),
          Map.entry("onnx", List.of("model", "model.file", "onnx.layer", "onnx.read")),
          // Engines; the build makes scratch64 from the sources of scratch.
          Map.entry("scratch.kernel", List.of()),
          Map.entry("scratch.kernel.peak", List.of()),
          Map.entry("scratch.layer", List.of("scratch.kernel")),
          Map.entry("scratch", List.of("scratch.kernel", "scratch.layer")),
          Map.entry("scratch.compiled.kernel", List.of("scratch.kernel", "scratch.layer")),
          Map.entry(
              "scratch.compiled",
              List.of("scratch", "scratch.compiled.kernel", "scratch.kernel", "scratch.layer")),
          Map.entry("scratch.train", List.of("scratch", "scratch.kernel", "scratch.layer")),
          Map.entry(
              "scratch.dl4j",
              List.of(
                  "model.layer",
                  "model.norm",
                  "model.product",
                  "model.shape",
                  "scratch",
                  "scratch.kernel",
                  "scratch.layer",
                  "scratch.train")),
          Map.entry("scratch64", List.of("scratch64")),
          // Files for other libraries, written from compiled networks.
          Map.entry(
              "keras.write",
              List.of(
                  "io",
                  "keras.file",
                  "model.file",
                  "scratch",
                  "scratch.dl4j",
                  "scratch.kernel",
                  "scratch.layer")),
          Map.entry(
              "onnx.write",
              List.of("io", "model.file", "scratch", "scratch.kernel", "scratch.layer")),
          Map.entry(
              "engine",
              List.of(
                  "config",
                  "model",
                  "scratch",
                  "scratch.compiled",
                  "scratch.dl4j",
                  "scratch.kernel",
                  "scratch.layer",
                  "scratch.train",
                  "text")),
          // Work that tasks share.
          Map.entry(
              "inference",
              List.of(
                  "augment",
                  "config",
                  "data",
                  "data.file",
                  "data.patch",
                  "engine",
                  "io",
                  "keras",
                  "keras.write",
                  "metric",
                  "model",
                  "model.file",
                  "model.summary",
                  "onnx",
                  "onnx.layer",
                  "onnx.write",
                  "run",
                  "scratch",
                  "scratch.dl4j",
                  "scratch.kernel",
                  "scratch.layer",
                  "store")),
          Map.entry(
              "training",
              List.of(
                  "config",
                  "console",
                  "data",
                  "engine",
                  "inference",
                  "io",
                  "metric",
                  "plot",
                  "plot.sheet",
                  "run",
                  "scratch.layer",
                  "store",
                  "text")),
          Map.entry("crosscheck.bound", List.of("metric", "scratch", "scratch.layer", "scratch64")),
          Map.entry(
              "crosscheck",
              List.of(
                  "augment",
                  "config",
                  "console",
                  "crosscheck.bound",
                  "data",
                  "data.file",
                  "data.patch",
                  "engine",
                  "inference",
                  "metric",
                  "model",
                  "run",
                  "scratch",
                  "scratch.dl4j",
                  "scratch.kernel",
                  "scratch.layer",
                  "scratch64",
                  "store",
                  "text")),
          Map.entry(
              "experiment",
              List.of(
                  "augment",
                  "augment.transform",
                  "config",
                  "console",
                  "crosscheck",
                  "data",
                  "data.file",
                  "engine",
                  "inference",
                  "metric",
                  "model",
                  "plot",
                  "plot.sheet",
                  "run",
                  "scratch.kernel",
                  "scratch.layer",
                  "store",
                  "text",
                  "training")),
          // One question each; no task knows another, and sweeps run the trainings of two.
          Map.entry(
              "task1",
              List.of(
                  "config",
                  "console",
                  "crosscheck",
                  "crosscheck.bound",
                  "data",
                  "engine",
                  "experiment",
                  "inference",
                  "metric",
                  "model",
                  "plot",
                  "plot.sheet",
                  "report.claim",
                  "run",
                  "scratch",
                  "scratch.dl4j",
                  "scratch.kernel",
                  "scratch.layer",
                  "store",
                  "text",
                  "training")),
          Map.entry(
              "task2",
              List.of(
                  "augment",
                  "config",
                  "console",
                  "data",
                  "engine",
                  "experiment",
                  "inference",
                  "io",
                  "metric",
                  "model",
                  "plot",
                  "plot.sheet",
                  "report.claim",
                  "run",
                  "scratch.kernel",
                  "scratch.layer",
                  "store",
                  "text",
                  "training")),
          Map.entry(
              "task3",
              List.of(
                  "augment",
                  "config",
                  "console",
                  "data",
                  "data.file",
                  "data.patch",
                  "data.slide",
                  "engine",
                  "experiment",
                  "inference",
                  "metric",
                  "model",
                  "model.file",
                  "plot",
                  "plot.sheet",
                  "report.claim",
                  "run",
                  "scratch",
                  "scratch.dl4j",
                  "scratch.kernel",
                  "scratch.layer",
                  "store",
                  "text",
                  "training")),
          Map.entry(
              "parity",
              List.of(
                  "config",
                  "console",
                  "crosscheck",
                  "data",
                  "engine",
                  "experiment",
                  "model",
                  "plot",
                  "run",
                  "scratch.kernel",
                  "scratch.layer",
                  "store",
                  "text",
                  "training")),
          Map.entry(
              "bench.model",
              List.of(
                  "config",
                  "inference",
                  "model",
                  "model.file",
                  "scratch",
                  "scratch.dl4j",
                  "scratch.kernel",
                  "scratch.layer",
                  "scratch.train")),
          Map.entry(
              "bench.roofline",
              List.of(
                  "bench.model",
                  "scratch",
                  "scratch.compiled",
                  "scratch.kernel",
                  "scratch.kernel.peak",
                  "scratch.layer",
                  "text")),
          Map.entry(
              "bench.worker",
              List.of(
                  "bench.model",
                  "bench.roofline",
                  "config",
                  "data",
                  "engine",
                  "scratch",
                  "scratch.compiled",
                  "scratch.kernel",
                  "scratch.layer",
                  "store",
                  "text")),
          Map.entry(
              "bench.growth",
              List.of(
                  "bench.model",
                  "data",
                  "engine",
                  "plot",
                  "scratch",
                  "scratch.kernel",
                  "scratch.layer",
                  "scratch.train",
                  "text")),
          Map.entry(
              "bench",
              List.of(
                  "bench.growth",
                  "bench.model",
                  "bench.roofline",
                  "bench.worker",
                  "config",
                  "console",
                  "engine",
                  "model",
                  "plot",
                  "run",
                  "scratch.kernel",
                  "scratch.layer",
                  "store",
                  "text")),
          Map.entry(
              "show",
              List.of(
                  "augment",
                  "config",
                  "crosscheck",
                  "data",
                  "data.file",
                  "data.patch",
                  "engine",
                  "inference",
                  "io",
                  "model",
                  "model.summary",
                  "plot",
                  "plot.sheet",
                  "report",
                  "scratch",
                  "scratch.dl4j",
                  "scratch.kernel",
                  "scratch.layer",
                  "text")),
          Map.entry(
              "explorer",
              List.of(
                  "augment",
                  "augment.transform",
                  "config",
                  "crosscheck",
                  "data",
                  "data.patch",
                  "engine",
                  "inference",
                  "metric",
                  "model",
                  "model.summary",
                  "run",
                  "run.history",
                  "scratch",
                  "scratch.dl4j",
                  "scratch.kernel",
                  "scratch.layer",
                  "show",
                  "store",
                  "text")),
          Map.entry(
              "explorer.web",
              List.of(
                  "augment",
                  "augment.colour",
                  "augment.transform",
                  "config",
                  "engine",
                  "explorer",
                  "model",
                  "store")),
          Map.entry("sweep.space", List.of("config", "data", "plot")),
          Map.entry(
              "sweep.trial",
              List.of(
                  "data", "data.file", "experiment", "run", "store", "task2", "task3", "training")),
          Map.entry(
              "sweep",
              List.of(
                  "config",
                  "console",
                  "data",
                  "experiment",
                  "metric",
                  "plot",
                  "run",
                  "store",
                  "sweep.space",
                  "sweep.trial",
                  "text")),
          // The door; spark is built with its profile alone, and found by the service loader.
          Map.entry(
              "cli.option",
              List.of(
                  "config",
                  "console",
                  "data",
                  "data.patch",
                  "inference",
                  "run",
                  "run.history",
                  "store",
                  "text")),
          Map.entry(
              "cli",
              List.of(
                  "augment",
                  "bench",
                  "cli.option",
                  "config",
                  "console",
                  "crosscheck",
                  "data",
                  "data.download",
                  "data.file",
                  "data.patch",
                  "engine",
                  "experiment",
                  "explorer",
                  "explorer.web",
                  "inference",
                  "model.summary",
                  "parity",
                  "plot",
                  "report.claim",
                  "run",
                  "run.history",
                  "show",
                  "store",
                  "sweep",
                  "task1",
                  "task2",
                  "task3",
                  "text")),
          Map.entry(
              "cli.runs",
              List.of(
                  "cli.option",
                  "config",
                  "console",
                  "plot",
                  "run",
                  "run.history",
                  "store",
                  "text")),
          // The command line, and the library's entry.
          Map.entry(
              "",
              List.of(
                  "cli",
                  "cli.option",
                  "cli.runs",
                  "config",
                  "crosscheck",
                  "data",
                  "data.file",
                  "engine",
                  "inference",
                  "metric",
                  "run",
                  "scratch",
                  "scratch.kernel",
                  "scratch.layer")),
          // Built with its profile alone, and found by the service loader.
          Map.entry(
              "peers",
              List.of(
                  "bench.model",
                  "bench.worker",
                  "config",
                  "crosscheck",
                  "data.file",
                  "model.file",
                  "scratch",
                  "scratch.kernel",
                  "scratch.layer",
                  "scratch.train")),
          Map.entry(
              "spark",
              List.of(
                  "",
                  "cli.option",
                  "config",
                  "data",
                  "experiment",
                  "io",
                  "run",
                  "sweep.trial",
                  "text",
                  "training")));

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
    noClasses()
        .that()
        .resideInAPackage(packageOf(room))
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..")
                .and(not(resideInAPackage(packageOf(room))))
                .and(not(resideInAnyPackage(allowed(room)))))
        .allowEmptyShould(true)
        .check(OURS);
  }

  private static String[] allowed(String room) {
    return ROOMS.get(room).stream()
        .flatMap(
            // The double-precision copy has the sub-packages of its original.
            r -> r.equals("scratch64") ? Stream.of(packageOf(r) + "..") : Stream.of(packageOf(r)))
        .toArray(String[]::new);
  }

  @Test
  void everyClassIsInARoom() {
    Set<String> known = rooms().map(ArchitectureTest::packageOf).collect(Collectors.toSet());
    known.add("org.nd4j.nativeblas");
    assertThat(known)
        .containsAll(
            OURS.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.startsWith(packageOf("scratch64")))
                .collect(Collectors.toSet()));
  }

  @Test
  void roomsHaveNoCycles() {
    slices().matching("cnnlab.(**)").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void noRoomIsOverfull() {
    Map<String, Long> sizes =
        OURS.stream()
            .filter(c -> c.isTopLevelClass() && !c.getSimpleName().equals("package-info"))
            .filter(c -> !c.getPackageName().startsWith(packageOf("scratch64")))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    sizes.remove(packageOf(LAYERS));
    assertThat(sizes)
        .allSatisfy((room, size) -> assertThat(size).as(room).isLessThanOrEqualTo(MOST_CLASSES));
  }

  @Test
  void theNetworkLibraryStaysInItsRooms() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "..")
        .and()
        .resideOutsideOfPackages(
            "cnnlab.augment..",
            "cnnlab.crosscheck",
            "cnnlab.engine",
            "cnnlab.inference",
            "cnnlab.keras..",
            "cnnlab.model..",
            "cnnlab.onnx..",
            "cnnlab.scratch.dl4j")
        .should()
        .dependOnClassesThat(
            // A graph may be carried through.
            resideInAnyPackage(NETWORK_LIBRARY).and(not(equivalentTo(ComputationGraph.class))))
        .check(OURS);
  }

  @Test
  void onlyTheCompilersOfTheNetworkFromScratchKnowTheLibrary() {
    noClasses()
        .that()
        .resideInAPackage("cnnlab.scratch..")
        .and()
        .resideOutsideOfPackage("cnnlab.scratch.dl4j")
        .should()
        .dependOnClassesThat(resideInAnyPackage(NETWORK_LIBRARY))
        .check(OURS);
  }

  @Test
  void onlyVectorKernelsUseTheIncubatingModule() {
    classes()
        .that(uses("jdk.incubator"))
        .should()
        .resideInAnyPackage("cnnlab.scratch.kernel..", "cnnlab.scratch.compiled.kernel")
        .andShould()
        .haveNameMatching(".*\\.Vector[^.]*")
        .check(OURS);
  }

  /** Who wants a picture hands numbers and words to a plot. */
  @Test
  void onlyPlotsDraw() {
    noClasses()
        .that()
        .resideOutsideOfPackage("cnnlab.plot..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.awt..", "javax.imageio..", "javax.swing.."))
        .check(OURS);
  }

  @Test
  void onlyCommandsKnowTheCommandLine() {
    classes()
        .that(uses("picocli"))
        .should()
        .resideInAnyPackage("cnnlab", "cnnlab.cli..")
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

  /** Everything else is given a stream, so that quiet means quiet. */
  @Test
  void fewWriteToTheStandardStreams() {
    noClasses()
        .that()
        .resideOutsideOfPackages("cnnlab.cli..", "cnnlab.console", "cnnlab.run")
        .and()
        .doNotHaveSimpleName("BenchWorker") // talks to its parent by them
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(OURS);
  }

  @Test
  void fewStartThreads() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "..")
        .and()
        .haveNameNotMatching(
            ".*\\.(ThreadTeam|AugmentedBatches|WorkPool|Heartbeat|StopRequest|MlflowTracking|FetchCommand|Guard|LiveNetwork|ExplorerServer)(\\$.*)?")
        .and()
        .resideOutsideOfPackages("cnnlab.spark", "cnnlab.scratch64..")
        .should()
        .callConstructorWhere(
            DescribedPredicate.describe(
                "a thread is made", call -> call.getTargetOwner().isAssignableTo(Thread.class)))
        .orShould()
        .dependOnClassesThat(assignableTo(Executor.class).or(equivalentTo(Executors.class)))
        .check(OURS);
  }

  private static DescribedPredicate<JavaClass> uses(String library) {
    return DescribedPredicate.describe(
        "use " + library,
        c ->
            c.getDirectDependenciesFromSelf().stream()
                .anyMatch(d -> d.getTargetClass().getPackageName().startsWith(library)));
  }

  private static String packageOf(String room) {
    return room.isEmpty() ? ROOT : ROOT + "." + room;
  }
}
