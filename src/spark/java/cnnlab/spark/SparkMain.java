package cnnlab.spark;

import cnnlab.Main;
import cnnlab.cli.option.CommandLines;
import cnnlab.run.ExitCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What {@code spark-submit cnnlab-spark.jar sweep FILE.yaml} starts: the command line, with {@code
 * --spark} and the master that spark-submit was given.
 */
public final class SparkMain {
  private static final String OPTION = "--" + SparkExecutorProvider.NAME;

  private static final String SWEEP = "sweep";

  /** With one of them a sweep does not write where nobody said. */
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
   * Why a sweep should not begin: the driver of {@code --deploy-mode cluster} runs in a folder that
   * its worker makes for it and deletes later, and results must not go there.
   *
   * @param deployMode of spark-submit, or null
   * @return null when nothing is wrong
   */
  static String wrong(String[] args, String deployMode) {
    boolean placed =
        Arrays.stream(args).map(a -> a.replaceFirst("=.*", "")).anyMatch(NEEDS_NO_FOLDER::contains);
    if (!"cluster".equals(deployMode) || placed || args.length == 0 || !args[0].equals(SWEEP)) {
      return null;
    }
    return "--deploy-mode cluster: the driver runs on a worker, in a folder that the worker deletes later. Say where the results go: --out DIR (or --resume DIR), an absolute path that all workers see; so must be FILE and --datasets DIR";
  }

  /**
   * @param master of spark-submit, or null
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
