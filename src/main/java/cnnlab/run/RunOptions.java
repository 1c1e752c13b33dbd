package cnnlab.run;

import cnnlab.config.ConfigException;
import cnnlab.config.ConfigLoader;
import cnnlab.config.Resolved;
import cnnlab.config.UsageException;
import cnnlab.data.Datasets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of a run that all experiments share.
 *
 * @param config a YAML file, or null for the defaults
 * @param sets {@code key=value} each; overrides the file
 * @param seed the seed, or null for that of the configuration
 * @param threads the number of threads, or null for that of the configuration
 * @param quick whether to run in seconds instead of minutes
 * @param resume the directory of an unfinished run to resume, or null
 * @param out a new directory for the results, or null for one under {@code results/}
 * @param datasets the folder to search first for data sets, or null
 * @param arguments the command line, for the record
 */
public record RunOptions(
    Path config,
    List<String> sets,
    Long seed,
    Integer threads,
    boolean quick,
    Path resume,
    Path out,
    Path datasets,
    List<String> arguments) {

  /** Everything at its default. */
  public static final RunOptions NONE =
      new RunOptions(null, List.of(), null, null, false, null, null, null, List.of());

  /**
   * The configuration: defaults, then the file, then {@code --quick}, {@code --seed} and {@code
   * --threads}, then {@code --set}. A resumed run keeps its original configuration.
   *
   * @param quickSets the settings that {@code --quick} stands for
   * @throws ConfigException if a key is unknown or a value is wrong
   * @throws UsageException if the run to resume has no configuration
   */
  public <T extends Record> Resolved<T> resolve(Class<T> type, T defaults, List<String> quickSets) {
    if (resume != null) {
      if (!Files.isRegularFile(resume.resolve(Run.CONFIG))) {
        throw new UsageException(
            "--resume: %s is not a run directory: it has no %s".formatted(resume, Run.CONFIG));
      }
      return ConfigLoader.load(type, defaults, resume.resolve(Run.CONFIG), List.of());
    }
    List<String> all = new ArrayList<>();
    if (quick) {
      all.addAll(quickSets);
    }
    if (seed != null) {
      all.add("seed=" + seed);
    }
    if (threads != null) {
      all.add("threads=" + threads);
    }
    all.addAll(sets);
    return ConfigLoader.load(type, defaults, config, all);
  }

  /** The project's folder: the one the launcher names, else the working directory. */
  public static Path home() {
    return Path.of(System.getProperty("cnnlab.home", "")).toAbsolutePath();
  }

  /** The folder in which runs are created by default. */
  public static Path results() {
    return home().resolve("results");
  }

  /** The places to search for data sets. */
  public Datasets locateDatasets() {
    return locateDatasets(datasets);
  }

  /**
   * The places to search for data sets.
   *
   * @param option the value of {@code --datasets}, relative to the working directory, or null
   */
  public static Datasets locateDatasets(Path option) {
    return Datasets.locate(option, System.getenv(), Path.of(""), home());
  }

  /**
   * A path for messages: relative if it lies below the working directory, which itself is {@code
   * .}.
   */
  public static Path display(Path directory) {
    Path here = Path.of("").toAbsolutePath();
    Path there = directory.toAbsolutePath().normalize();
    if (there.equals(here)) {
      return Path.of(".");
    }
    return there.startsWith(here) ? here.relativize(there) : there;
  }
}
