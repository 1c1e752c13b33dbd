package cnnlab.spark;

import cnnlab.config.UsageException;
import cnnlab.sweep.trial.ExecutorProvider;
import cnnlab.sweep.trial.TrialExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Connects to a standalone cluster, or runs Spark in this process. Spark settings can be given to
 * spark-submit or as system properties, such as {@code -Dspark.executor.memory=2g}.
 */
public final class SparkExecutorProvider implements ExecutorProvider {
  static final String NAME = "spark";

  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";
  private static final String VECTOR_API = "--add-modules=jdk.incubator.vector";

  /** For the service loader. */
  public SparkExecutorProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public TrialExecutor open(String address, Needs needs) throws IOException {
    MasterAddress master = MasterAddress.parse(address);
    SparkConf conf = configuration(master);
    if (!master.isLocal()) {
      MasterCheck.requireMaster(master, conf);
    }
    JavaSparkContext context = start(conf);
    try {
      return new SparkTrialExecutor(
          context, DatasetShipment.send(context, needs), "Spark, " + address);
    } catch (IOException | RuntimeException e) {
      context.close();
      throw e;
    }
  }

  private static SparkConf configuration(MasterAddress master) {
    SparkConf conf =
        new SparkConf().setMaster(master.text()).setIfMissing("spark.app.name", "cnnlab sweep");
    // The driver's web page would use a port, so it is off by default.
    conf.setIfMissing("spark.ui.enabled", "false");
    // Each trial uses one core.
    conf.set("spark.task.cpus", "1");
    if (!master.isLocal()) {
      conf.set(EXECUTOR_OPTIONS, (VECTOR_API + " " + conf.get(EXECUTOR_OPTIONS, "")).strip());
      if (!conf.contains("spark.jars")) {
        conf.setJars(new String[] {jar()});
      }
    }
    return conf;
  }

  /** The jar that executors need: the one that contains this class. */
  private static String jar() {
    return Optional.ofNullable(JavaSparkContext.jarOfClass(SparkExecutorProvider.class))
        .filter(found -> found.length == 1 && Files.isRegularFile(Path.of(found[0])))
        .map(found -> found[0])
        .orElseThrow(
            () ->
                new UsageException(
                    "--spark: a cluster needs the project as one jar, but this process runs from a folder of classes. Build the jar (mvn -q -Pspark package -DskipTests) and start ./cnnlab or spark-submit with it"));
  }

  /**
   * Starts Spark's driver in this process; returns when the master has accepted the application.
   */
  private static JavaSparkContext start(SparkConf conf) throws IOException {
    try {
      return new JavaSparkContext(conf);
    } catch (RuntimeException e) {
      throw new IOException(
          "Spark cannot be started on %s: %s".formatted(conf.get("spark.master"), e.getMessage()),
          e);
    }
  }
}
