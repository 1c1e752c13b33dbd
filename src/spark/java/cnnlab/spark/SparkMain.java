package cnnlab.spark;

import cnnlab.Main;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code spark-submit cnnlab-spark.jar sweep FILE.yaml} starts: the command line, with {@code
 * --spark} and the master that spark-submit was given.
 */
public final class SparkMain {
  private static final String OPTION = "--" + SparkExecutorProvider.NAME;

  private SparkMain() {}

  /** Runs a command as {@link Main} does. */
  public static void main(String[] args) {
    Main.main(withMaster(args, System.getProperty("spark.master")));
  }

  /**
   * @param master of spark-submit, or null
   */
  static String[] withMaster(String[] args, String master) {
    boolean given =
        Arrays.stream(args).anyMatch(a -> a.equals(OPTION) || a.startsWith(OPTION + "="));
    if (master == null || given || args.length == 0 || !args[0].equals("sweep")) {
      return args;
    }
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of(OPTION, master));
    return all.toArray(String[]::new);
  }
}
