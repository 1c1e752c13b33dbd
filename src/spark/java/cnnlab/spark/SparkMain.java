package cnnlab.spark;

import cnnlab.Main;
import cnnlab.cli.option.CommandLines;
import cnnlab.run.ExitCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The main class for {@code spark-submit cnnlab-spark.jar sweep FILE.yaml}: runs the command line
 * with {@code --spark} and the master that spark-submit was given.
 */
public final class SparkMain {
  private static final String OPTION = "--" + SparkExecutorProvider.NAME;

  private static final String SWEEP = "sweep";

  /** Options with which a sweep does not write to a default folder. */
  private static final Set<String> NEEDS_NO_FOLDER =
      Set.of("--out", "--resume", "--dry-run", "--trial", "--help", "-h");

  private SparkMain() {}

  /** Runs a command as {@link Main} does. */
  public static void main(String[] args) {
    String wrong = wrong(args, System.getProperty("spark.submit.deployMode"));
    if (wrong != null) {
      System.err.println(wrong);
      CommandLines.end(ExitCode.USAGE);
    }
    Main.main(withMaster(args, System.getProperty("spark.master")));
  }

  /**
   * The reason why a sweep must not start: with {@code --deploy-mode cluster} the driver runs in a
   * folder that its worker creates and later deletes, and results must not go there.
   *
   * @param deployMode the deploy mode of spark-submit, or null
   * @return null if nothing is wrong
   */
  static String wrong(String[] args, String deployMode) {
    boolean placed =
        Arrays.stream(args).map(a -> a.replaceFirst("=.*", "")).anyMatch(NEEDS_NO_FOLDER::contains);
    if (!"cluster".equals(deployMode) || placed || args.length == 0 || !args[0].equals(SWEEP)) {
      return null;
    }
    return "--deploy-mode cluster: the driver runs on a worker, in a folder that the worker deletes later. Set the folder for the results with --out DIR (or --resume DIR), an absolute path that all workers share; FILE and --datasets DIR must also be such paths";
  }

  /**
   * @param master the master of spark-submit, or null
   */
  static String[] withMaster(String[] args, String master) {
    boolean given =
        Arrays.stream(args).anyMatch(a -> a.equals(OPTION) || a.startsWith(OPTION + "="));
    if (master == null || given || args.length == 0 || !args[0].equals(SWEEP)) {
      return args;
    }
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of(OPTION, master));
    return all.toArray(String[]::new);
  }
}
