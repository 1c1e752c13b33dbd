package cnnlab.spark;

import cnnlab.config.UsageException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SecurityManager;
import org.apache.spark.SecurityManager$;
import org.apache.spark.SparkConf;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;

/**
 * Checks that a Spark master answers at an address before Spark is started: Spark itself would try
 * for a minute, or longer if packets are dropped, and report the failure in the middle of a log.
 * Each step has its own time limit, independent of the number of masters, so that a wrong address
 * is reported within 30 s even on a busy machine.
 */
final class MasterCheck {
  private static final int CONNECT_MILLIS = 8_000;

  /** Time limits for the answer of one master, and of all masters. */
  private static final int ANSWER_SECONDS = 10;

  private static final int ANSWERS_SECONDS = 16;
  private static final String ENDPOINT = "Master";

  private MasterCheck() {}

  /**
   * Asks each master in turn until one answers.
   *
   * @throws UsageException if none does; gives the reason for each
   */
  static void requireMaster(MasterAddress address, SparkConf conf) {
    List<InetSocketAddress> listening = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    int millis = CONNECT_MILLIS / address.masters().size();
    for (InetSocketAddress master : address.masters()) {
      String reason = connect(master, millis);
      if (reason == null) {
        listening.add(master);
      } else {
        reasons.add("%s:%s: %s".formatted(master.getHostString(), master.getPort(), reason));
      }
    }
    if (listening.isEmpty()) {
      throw new UsageException(
          "--spark %s: nothing can be reached there (%s). Is the master running, is the port right, and does a firewall allow the connection?"
              .formatted(address.text(), String.join("; ", reasons)));
    }
    int seconds = Math.max(1, Math.min(ANSWER_SECONDS, ANSWERS_SECONDS / listening.size()));
    if (listening.stream().noneMatch(master -> answers(master, conf, seconds))) {
      throw new UsageException(
          "--spark %s: something listens there, but it does not answer as a Spark master. Is this the master's own port (7077 by default; not that of its web page), and does the cluster run Spark %s? For another version build with mvn -Pspark -Dspark.version=..."
              .formatted(address.text(), org.apache.spark.package$.MODULE$.SPARK_VERSION()));
    }
  }

  /** The reason why a master cannot be reached, or null if it can. */
  private static String connect(InetSocketAddress master, int millis) {
    long start = System.nanoTime();
    try (Socket socket = new Socket()) {
      InetSocketAddress resolved = resolve(master, millis);
      long left = millis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      socket.connect(resolved, (int) Math.max(1, left));
      return null;
    } catch (TimeoutException e) {
      return "no answer from the name server within %s s".formatted(Math.max(1, millis / 1000));
    } catch (UnknownHostException e) {
      return "no such host";
    } catch (SocketTimeoutException e) {
      return "no answer within %s s".formatted(Math.max(1, millis / 1000));
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  /**
   * Resolves the host name with a time limit; Java itself waits for name servers as long as the
   * system does.
   */
  private static InetSocketAddress resolve(InetSocketAddress master, int millis)
      throws IOException, TimeoutException {
    FutureTask<InetSocketAddress> lookup =
        new FutureTask<>(() -> new InetSocketAddress(master.getHostString(), master.getPort()));
    Thread thread = new Thread(lookup, "name-lookup");
    thread.setDaemon(true);
    thread.start();
    try {
      return lookup.get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Requests the master's endpoint over Spark's RPC protocol. */
  private static boolean answers(InetSocketAddress master, SparkConf conf, int seconds) {
    String limit = seconds + "s";
    SparkConf brief =
        conf.clone().set("spark.rpc.lookupTimeout", limit).set("spark.rpc.askTimeout", limit);
    SecurityManager security =
        new SecurityManager(
            brief,
            SecurityManager$.MODULE$.$lessinit$greater$default$2(),
            SecurityManager$.MODULE$.$lessinit$greater$default$3());
    RpcEnv client = RpcEnv.create("cnnlab-check", "localhost", 0, brief, security, true);
    try {
      client.setupEndpointRef(new RpcAddress(master.getHostString(), master.getPort()), ENDPOINT);
      return true;
    } catch (Exception e) {
      // Scala methods do not declare checked exceptions; this one also throws if nothing answers in
      // time.
      return false;
    } finally {
      client.shutdown();
    }
  }
}
