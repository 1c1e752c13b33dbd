package cnnlab.store;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a result comes from: everything needed to repeat it, or to explain why a repetition
 * differs. It is written as {@code provenance.json}. No host or user name is recorded.
 *
 * @param projectVersion version of this project, null if unknown
 * @param dl4jVersion version of Deeplearning4j
 * @param git source revision
 * @param java the virtual machine
 * @param machine hardware and operating system
 * @param threads threads used for computing
 * @param startedAt start of the run
 * @param finishedAt end of the run, null while it is running
 * @param arguments the command line
 * @param seeds named seeds
 * @param datasets SHA-256 or another checksum, by file name
 * @param engine other relevant settings, such as {@code onednn: true}
 * @param trial {@code quick} or {@code synthetic} for a trial run, see {@link TrialMark}; null for
 *     a full run
 */
public record Provenance(
    String projectVersion,
    String dl4jVersion,
    Git git,
    Java java,
    Machine machine,
    int threads,
    Instant startedAt,
    Instant finishedAt,
    List<String> arguments,
    Map<String, Long> seeds,
    Map<String, String> datasets,
    Map<String, Object> engine,
    String trial) {

  /** Copies the collections; maps are sorted by key, so that the file is stable. */
  public Provenance {
    arguments = List.copyOf(arguments);
    seeds = sorted(seeds);
    datasets = sorted(datasets);
    engine = sorted(engine);
  }

  /**
   * Source revision.
   *
   * @param commit full hash, null without git or without a repository
   * @param dirty whether files differ from the commit or are untracked; null if {@code commit} is
   *     null
   */
  public record Git(String commit, Boolean dirty) {}

  /**
   * The virtual machine.
   *
   * @param version such as 17.0.15
   * @param vendor such as Debian
   * @param vm name and version of the VM
   * @param maxHeapBytes limit of the heap
   */
  public record Java(String version, String vendor, String vm, long maxHeapBytes) {}

  /**
   * Hardware and operating system.
   *
   * @param os such as Linux
   * @param osVersion version of the kernel or system
   * @param arch such as amd64
   * @param cpu model name, null if unknown
   * @param cores processors the JVM may use
   * @param loadAverage load of the last minute at the start of the run; NaN if unknown. A high
   *     value explains a slow run
   */
  public record Machine(
      String os, String osVersion, String arch, String cpu, int cores, double loadAverage) {}

  /**
   * The parts of a {@link Provenance} that only the caller knows.
   *
   * @param projectVersion may be null
   * @param dl4jVersion may be null
   * @param arguments the command line
   * @param threads threads used for computing
   * @param seeds named seeds
   * @param datasets checksums by file name
   * @param engine engine details
   */
  public record Inputs(
      String projectVersion,
      String dl4jVersion,
      List<String> arguments,
      int threads,
      Map<String, Long> seeds,
      Map<String, String> datasets,
      Map<String, Object> engine) {}

  /**
   * Collects information on the machine, the JVM and the git work tree. Call this at the start of a
   * run and write the result at once; {@link #finished} gives the final version.
   *
   * @param inputs the parts that only the caller knows
   * @param workTree directory of the git work tree
   * @param clock gives the start time
   */
  public static Provenance collect(Inputs inputs, Path workTree, Clock clock) {
    return new Provenance(
        inputs.projectVersion(),
        inputs.dl4jVersion(),
        SystemInfo.git(workTree),
        javaHere(),
        machineHere(),
        inputs.threads(),
        clock.instant(),
        null,
        inputs.arguments(),
        inputs.seeds(),
        inputs.datasets(),
        inputs.engine(),
        null);
  }

  /** A copy with the given trial mark; see {@link #trial}. */
  public Provenance marked(String mark) {
    return new Provenance(
        projectVersion,
        dl4jVersion,
        git,
        java,
        machine,
        threads,
        startedAt,
        finishedAt,
        arguments,
        seeds,
        datasets,
        engine,
        TrialMark.json(mark));
  }

  /**
   * The commit that an earlier provenance file names.
   *
   * @param file may be missing
   * @return null if it names none
   * @throws IOException if it cannot be read
   */
  public static String commit(Path file) throws IOException {
    return Files.exists(file) ? Json.read(file).path("git").path("commit").asText(null) : null;
  }

  /** A copy with the end time. */
  public Provenance finished(Instant at) {
    return new Provenance(
        projectVersion,
        dl4jVersion,
        git,
        java,
        machine,
        threads,
        startedAt,
        at,
        arguments,
        seeds,
        datasets,
        engine,
        trial);
  }

  private static Java javaHere() {
    return new Java(
        System.getProperty("java.version"),
        System.getProperty("java.vendor"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        Runtime.getRuntime().maxMemory());
  }

  private static Machine machineHere() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return new Machine(
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"),
        SystemInfo.cpuModel(Path.of("/proc/cpuinfo")),
        Runtime.getRuntime().availableProcessors(),
        load < 0 ? Double.NaN : load);
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
