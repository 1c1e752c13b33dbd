package cnnlab.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone Spark cluster: one master and some workers, each a process, on free ports of
 * 127.0.0.1. Its logs and work folders are in a folder of the caller.
 */
final class LoopbackCluster implements AutoCloseable {
  private static final Duration STARTS = Duration.ofSeconds(120);
  private static final Pattern MASTER =
      Pattern.compile("Starting Spark master at (spark://127\\.0\\.0\\.1:\\d+)");
  private static final Pattern REGISTERED =
      Pattern.compile("(Successfully registered) with master");

  private final SparkProcesses spark;
  private final Path folder;
  private final List<Process> workers = new ArrayList<>();
  private Process master;
  private String address;

  private LoopbackCluster(SparkProcesses spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /**
   * Starts a cluster; returns when all workers have registered.
   *
   * @param folder the folder for logs and work folders; created if missing
   * @param workers number of workers
   * @param cores number of cores of each worker
   */
  static LoopbackCluster start(SparkProcesses spark, Path folder, int workers, int cores)
      throws IOException {
    Files.createDirectories(folder);
    LoopbackCluster cluster = new LoopbackCluster(spark, folder);
    try {
      cluster.startMaster();
      for (int w = 1; w <= workers; w++) {
        cluster.startWorker(cores);
      }
      for (int w = 1; w <= workers; w++) {
        cluster.await(cluster.workers.get(w - 1), cluster.log("worker-" + w), REGISTERED);
      }
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void startMaster() throws IOException {
    master =
        spark.daemon(
            log("master"),
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--webui-port",
            "0");
    address = await(master, log("master"), MASTER);
  }

  /** Starts a process and does not wait for it. */
  private void startWorker(int cores) throws IOException {
    String name = "worker-" + (workers.size() + 1);
    workers.add(
        spark.daemon(
            log(name),
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--webui-port",
            "0",
            "--cores",
            String.valueOf(cores),
            "--memory",
            "1500m",
            "--work-dir",
            folder.resolve(name).toString(),
            address));
  }

  /** The master's address, such as {@code spark://127.0.0.1:40123}. */
  String address() {
    return address;
  }

  /** Kills a worker like {@code kill -9}; its executors then end by themselves. */
  void kill(int worker) {
    workers.get(worker).destroyForcibly();
  }

  /** Waits until no worker has an executor. */
  void awaitNoExecutors() throws IOException {
    long end = System.nanoTime() + STARTS.toNanos();
    while (workers.stream().anyMatch(w -> w.children().findAny().isPresent())) {
      if (System.nanoTime() > end) {
        throw new IOException("executors of an application that has ended go on");
      }
      pause();
    }
  }

  /** Ends all processes and waits for them. */
  @Override
  public void close() {
    List<Process> all = new ArrayList<>(workers);
    if (master != null) {
      all.add(master);
    }
    List<ProcessHandle> handles =
        all.stream()
            .map(Process::toHandle)
            .flatMap(p -> Stream.concat(Stream.of(p), p.descendants()))
            .toList();
    handles.forEach(ProcessHandle::destroyForcibly);
    handles.forEach(h -> h.onExit().join());
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private String await(Process process, Path log, Pattern line) throws IOException {
    long end = System.nanoTime() + STARTS.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      Matcher m = line.matcher(Files.readString(log));
      if (m.find()) {
        return m.group(1);
      }
      pause();
    }
    throw new IOException(
        "%s: no line like \"%s\":%n%s".formatted(log.getFileName(), line, Files.readString(log)));
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
