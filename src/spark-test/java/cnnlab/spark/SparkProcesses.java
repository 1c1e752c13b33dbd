package cnnlab.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts Java processes with Spark's jars, and with the project's jar if needed. All of them use
 * only the loopback interface.
 *
 * @param home a folder with Spark in {@code jars/}, as in a release of Spark
 * @param jar the project's jar
 */
record SparkProcesses(Path home, Path jar) {
  /** The options that Spark needs on Java 17 and newer; its own scripts pass the same ones. */
  private static final List<String> OPENS =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  /** The output and exit code of a process. */
  record Ended(int code, String output) {}

  /** The files that {@code mvn -Pspark} has built. */
  static SparkProcesses built() {
    return new SparkProcesses(
        Path.of(System.getProperty("spark.home")), Path.of(System.getProperty("spark.jar")));
  }

  /** Starts a master or a worker: only Spark, with little memory. */
  Process daemon(Path log, String mainClass, String... arguments) throws IOException {
    return start(
        log,
        List.of("-Xmx256m", "-Dspark.master.rest.enabled=false"),
        jars(),
        mainClass,
        List.of(arguments));
  }

  /** Starts what {@code bin/spark-submit} starts, with the project's jar. */
  Process submit(Path log, String master, List<String> arguments) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("--master", master, "--conf", "spark.driver.host=127.0.0.1", jar.toString()));
    all.addAll(arguments);
    return start(log, List.of("-Xmx1g"), jars(), "org.apache.spark.deploy.SparkSubmit", all);
  }

  /**
   * Starts what {@code ./cnnlab --spark} starts.
   *
   * @param settings Spark settings, as JVM options
   */
  Process cnnlab(Path log, List<String> settings, List<String> arguments) throws IOException {
    List<String> flags = new ArrayList<>(List.of("-Xmx1g", "-Dspark.driver.host=127.0.0.1"));
    flags.addAll(settings);
    return start(log, flags, jars() + File.pathSeparator + jar, "cnnlab.Main", arguments);
  }

  /** Waits for a process to end. */
  static Ended ended(Process process, Path log) throws IOException {
    try {
      int code = process.waitFor();
      return new Ended(code, Files.readString(log));
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private String jars() {
    return home.resolve("jars") + File.separator + "*";
  }

  private Process start(
      Path log, List<String> flags, String classPath, String mainClass, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    OPENS.forEach(p -> command.add("--add-opens=java.base/%s=ALL-UNNAMED".formatted(p)));
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME", home.toString(),
                "SPARK_LOCAL_IP", "127.0.0.1",
                // The scripts of a release set this.
                "SPARK_SCALA_VERSION", "2.13"));
    return builder.start();
  }
}
