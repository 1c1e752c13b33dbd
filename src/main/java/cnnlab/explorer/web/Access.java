package cnnlab.explorer.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Lets only the page that this program opened ask questions. The address has a token that no other
 * site knows; {@code Host} must be this server's own, so that a foreign name that resolves to
 * 127.0.0.1 is refused (DNS rebinding); {@code Origin}, if the browser sends it, must be this
 * server's, so that pages of other sites are refused.
 */
final class Access {
  private static final int TOKEN_BYTES = 16;
  private static final List<String> OWN_SITES = List.of("same-origin", "none");

  private final String token;
  private final Set<String> hosts;

  /**
   * @param port of the server
   */
  Access(int port) {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    this.token = HexFormat.of().formatHex(random);
    this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port);
  }

  /** The first part of every path. */
  String root() {
    return "/" + token + "/";
  }

  /** Whether a request may be answered; otherwise nothing about the server is told. */
  boolean allows(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String host = headers.getFirst("Host");
    String origin = headers.getFirst("Origin");
    String site = headers.getFirst("Sec-Fetch-Site");
    boolean navigates = "navigate".equals(headers.getFirst("Sec-Fetch-Mode"));
    return host != null
        && hosts.contains(host)
        && (origin == null || origin.equals("http://" + host))
        && (site == null || OWN_SITES.contains(site) || navigates)
        && hasToken(exchange.getRequestURI().getRawPath());
  }

  private boolean hasToken(String path) {
    int end = root().length();
    return path.length() >= end
        && MessageDigest.isEqual(
            path.substring(0, end).getBytes(StandardCharsets.UTF_8),
            root().getBytes(StandardCharsets.UTF_8));
  }
}
