package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code cnnlab} in a checkout of its own, with a Java and a Maven that tell how they
 * were called.
 */
class LauncherTest {
  private static final Instant EARLIER = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant BUILT = EARLIER.plusSeconds(60);

  @TempDir Path temp;
  private Path home;
  private Path java;

  @BeforeEach
  void checkout() throws IOException {
    assumeTrue(
        !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows"),
        "a shell script; Windows has cnnlab.cmd");
    home = Files.createDirectories(temp.resolve("check out"));
    Files.copy(Path.of("cnnlab"), home.resolve("cnnlab"), StandardCopyOption.COPY_ATTRIBUTES);
    write(home.resolve("pom.xml"), "", EARLIER);
    write(home.resolve("src/main/java/A.java"), "", EARLIER);
    write(home.resolve("target/classes/cnnlab/Main.class"), "", BUILT);
    write(home.resolve("target/cnnlab.classpath"), home.resolve("pom.xml").toString(), BUILT);
    for (String folder : List.of("src/main/java", "src/main", "src")) {
      Files.setLastModifiedTime(home.resolve(folder), FileTime.from(EARLIER));
    }
    java = temp.resolve("jdk/bin/java");
    script(
        java,
        "[ \"$1\" = --list-modules ] && printf 'java.base@21.0.1\\njdk.incubator.vector@21.0.1\\n' && exit 0\n"
            + "echo java \"$@\"");
    script(
        temp.resolve("bin/mvn"),
        "echo mvn \"$@\"; echo options $MAVEN_OPTS; mkdir -p target/classes/cnnlab; : >target/classes/cnnlab/Main.class; : >target/cnnlab.classpath");
  }

  @Test
  void whatMavenBuiltIsNotBuiltAgain() throws IOException, InterruptedException {
    Outcome outcome = run("task1", "--quick");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).startsWith("java ").endsWith(" cnnlab.Main task1 --quick\n");
    assertThat(outcome.out()).contains("--add-exports=").doesNotContain("--add-modules");
  }

  @Test
  void theBuildWritesTheClassPathWhereTheScriptReadsIt() {
    assertThat(Path.of("target/cnnlab.classpath")).isNotEmptyFile();
  }

  @Test
  void newerSourcesAreBuiltOnce() throws IOException, InterruptedException {
    write(home.resolve("src/main/java/A.java"), "", BUILT.plusSeconds(1));
    assertThat(run("task1").err())
        .contains("building", "mvn -q -B -Dstyle.color=never compile")
        .as("Maven ends with a reset of colours otherwise")
        .contains("-Djansi.noreset=true");
    assertThat(run("task1").err()).isEmpty();
  }

  @Test
  void aBuildThatWasCutShortIsBuiltAgain() throws IOException, InterruptedException {
    Files.delete(home.resolve("target/cnnlab.classpath"));
    assertThat(run("task1").err()).contains("mvn -q -B -Dstyle.color=never compile");
  }

  @Test
  void withoutArgumentsItShowsHelp() throws IOException, InterruptedException {
    assertThat(run().out()).endsWith(" cnnlab.Main --help\n");
  }

  @Test
  void whatKeepsJavaFromStartingIsSaidInItsOwnWords() throws IOException, InterruptedException {
    script(java, "echo \"Unrecognized VM option 'Foo'\" >&2; exit 1");
    Outcome options = run("task1");
    assertThat(options.code()).isEqualTo(127);
    assertThat(options.err())
        .contains(java + " cannot start", "Unrecognized VM option 'Foo'", "JDK_JAVA_OPTIONS")
        .doesNotContain("8 or older");
    Files.write(java, new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0});
    Outcome machine = run("task1");
    assertThat(machine.code()).isEqualTo(127);
    assertThat(machine.err()).contains(java + " cannot start").doesNotContain("8 or older");
  }

  @Test
  void anOldJavaIsNamed() throws IOException, InterruptedException {
    script(
        java,
        "[ \"$1\" = -version ] && echo 'openjdk version \"1.8.0_292\"' >&2 && exit 0\n"
            + "echo 'Unrecognized option: --list-modules' >&2; exit 1");
    assertThat(run("task1").err()).contains("is Java 1.8.0_292; 17 or newer is needed");
    script(java, "echo java.base@11.0.2");
    assertThat(run("task1").err()).contains("is Java 11; 17 or newer is needed");
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("cnnlab").toString()));
    command.addAll(List.of(arguments));
    Path out = temp.resolve("out.txt");
    Path err = temp.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", temp.resolve("jdk").toString());
    builder.environment().merge("PATH", "", (path, none) -> temp.resolve("bin") + ":" + path);
    Process process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static void script(Path file, String lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + lines + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void write(Path file, String text, Instant time) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(time));
  }
}
