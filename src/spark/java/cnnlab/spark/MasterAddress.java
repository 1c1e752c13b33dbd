package cnnlab.spark;

import cnnlab.config.UsageException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a Spark master: {@code spark://HOST:PORT[,HOST:PORT...]} for a standalone cluster
 * and its standby masters, or {@code local}, {@code local[N]} or {@code local[*]} for this process.
 *
 * @param text the address as given
 * @param masters host and port of each master; empty for this process
 */
record MasterAddress(String text, List<InetSocketAddress> masters) {
  private static final String CLUSTER = "spark://";
  private static final Pattern LOCAL = Pattern.compile("local(\\[(\\*|[1-9]\\d{0,4})])?");
  private static final Pattern HOST_PORT =
      Pattern.compile("([^:/,\\s]+|\\[[0-9a-fA-F:.]+]):(\\d+)");
  private static final int LARGEST_PORT = 65_535;

  /**
   * @throws UsageException if the text is neither
   */
  static MasterAddress parse(String text) {
    if (LOCAL.matcher(text).matches()) {
      return new MasterAddress(text, List.of());
    }
    if (!text.startsWith(CLUSTER)) {
      throw wrong(text);
    }
    List<InetSocketAddress> masters = new ArrayList<>();
    for (String part : text.substring(CLUSTER.length()).split(",", -1)) {
      Matcher m = HOST_PORT.matcher(part);
      if (!m.matches() || m.group(2).length() > 5 || Integer.parseInt(m.group(2)) > LARGEST_PORT) {
        throw wrong(text);
      }
      masters.add(InetSocketAddress.createUnresolved(m.group(1), Integer.parseInt(m.group(2))));
    }
    return new MasterAddress(text, List.copyOf(masters));
  }

  private static UsageException wrong(String text) {
    return new UsageException(
        "--spark is %s; expected spark://HOST:PORT, such as spark://node1:7077 (shown on the master's web page), or local[N] or local[*] for N or all cores of this machine"
            .formatted(text));
  }

  boolean isLocal() {
    return masters.isEmpty();
  }
}
