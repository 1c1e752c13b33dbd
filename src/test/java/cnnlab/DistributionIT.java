package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The zip of {@code mvn package}, unpacked into a folder whose path has a space, and run. */
class DistributionIT {
  private static final boolean WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  private static final int PATIENCE_MINUTES = 5;

  @TempDir static Path temp;
  private static Path home;
  private static Path elsewhere;

  @BeforeAll
  static void unpack() throws IOException {
    String zip = System.getProperty("cnnlab.zip");
    assumeTrue(zip != null, "cnnlab.zip is not set: only mvn verify makes and names the zip");
    Path folder = temp.resolve("an empty folder");
    unpack(Path.of(zip), folder);
    try (Stream<Path> top = Files.list(folder)) {
      home = top.toList().get(0);
    }
    elsewhere = Files.createDirectory(temp.resolve("else where"));
  }

  @Test
  void aTaskRunsFromAnotherFolderAndItsResultsGoIntoCnnLabsOwn()
      throws IOException, InterruptedException {
    Outcome outcome = run("task1", "--quick", "--set", "trainLimit=1024");
    assertThat(outcome.code()).as(outcome.toString()).isZero();
    try (Stream<Path> runs = Files.list(home.resolve("results/task1"))) {
      assertThat(runs)
          .singleElement()
          .satisfies(run -> assertThat(run.resolve("report.md")).exists());
    }
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void theDataAndTheExperimentsAreThere() throws IOException, InterruptedException {
    Outcome outcome = run("datasets", "verify", "mnist");
    assertThat(outcome.code()).as(outcome.toString()).isZero();
    assertThat(outcome.out()).contains("train-images").doesNotContain("missing");
    assertThat(home.resolve("experiments/task1.yaml")).exists();
    assertThat(home).isDirectoryContaining("glob:**/{LICENSE,NOTICE,THIRD-PARTY.txt}");
  }

  @Test
  void wrongUsageIsExitCode2() throws IOException, InterruptedException {
    assertThat(run("task1", "--quik").code()).isEqualTo(2);
  }

  @Test
  void theJarNamesExactlyTheLibrariesBesideItAndOnePlatform() throws IOException {
    Path lib = home.resolve("lib");
    Set<String> found;
    try (Stream<Path> jars = Files.list(lib)) {
      found = jars.map(jar -> jar.getFileName().toString()).collect(Collectors.toSet());
    }
    try (JarFile jar = new JarFile(lib.resolve("cnnlab.jar").toFile())) {
      String named = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      found.remove("cnnlab.jar");
      assertThat(found).containsExactlyInAnyOrder(named.split(" "));
    }
    assertThat(found.stream().filter(name -> name.matches("openblas-.*-(linux|macosx|windows).*")))
        .hasSize(1);
  }

  private static Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve(WINDOWS ? "cnnlab.cmd" : "cnnlab").toString());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(temp, "out", ".txt");
    Path err = Files.createTempFile(temp, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(elsewhere.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("CNNLAB_DATASETS");
    Process process = builder.start();
    boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).as("%s ended", command).isTrue();
    return new Outcome(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  /** As unzip does: with the permissions in the zip, where the system has permissions. */
  private static void unpack(Path zip, Path folder) throws IOException {
    try (FileSystem inside =
            FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", true));
        Stream<Path> all = Files.walk(inside.getPath("/"))) {
      all.forEach(
          entry -> {
            try {
              Path target = folder.resolve(inside.getPath("/").relativize(entry).toString());
              if (Files.isDirectory(entry)) {
                Files.createDirectories(target);
              } else {
                Files.copy(entry, target);
                if (!WINDOWS) {
                  Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(entry));
                }
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
