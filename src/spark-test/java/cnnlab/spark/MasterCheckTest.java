package cnnlab.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.config.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Addresses without a master are detected within 30 s. */
class MasterCheckTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Runs once without a limit, so that loading Spark's classes on a busy machine is not timed. */
  @BeforeAll
  static void loadSpark() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      MasterAddress address = MasterAddress.parse("spark://127.0.0.1:" + silent.getLocalPort());
      assertThatThrownBy(() -> MasterCheck.requireMaster(address, new SparkConf(false)))
          .isInstanceOf(UsageException.class);
    }
  }

  private static void refused(int port, String reason) {
    refused("127.0.0.1:" + port, reason);
  }

  private static void refused(String masters, String reason) {
    MasterAddress address = MasterAddress.parse("spark://" + masters);
    long start = System.nanoTime();
    assertThatThrownBy(() -> MasterCheck.requireMaster(address, new SparkConf(false)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--spark spark://" + masters)
        .hasMessageContaining(reason);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
  }

  @Test
  void nothingListens() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    refused(port, "nothing can be reached");
  }

  @Test
  void packetsAreDropped() throws IOException {
    // Once its queue is full, a socket that never accepts drops new connections.
    List<Socket> queue = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 4; i++) {
        Socket socket = new Socket();
        queue.add(socket);
        try {
          socket.connect(full.getLocalSocketAddress(), 200);
        } catch (IOException e) {
          break;
        }
      }
      refused(full.getLocalPort(), "no answer within 8 s");
    } finally {
      for (Socket socket : queue) {
        socket.close();
      }
    }
  }

  @Test
  void somethingElseListens() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      refused(silent.getLocalPort(), "does not answer as a Spark master");
    }
  }

  @Test
  void noneOfSeveralIsAMaster() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerSocket two = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerSocket three = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      refused(
          "127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d"
              .formatted(one.getLocalPort(), two.getLocalPort(), three.getLocalPort()),
          "does not answer as a Spark master");
    }
  }
}
