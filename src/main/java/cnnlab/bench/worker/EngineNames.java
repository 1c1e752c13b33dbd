package cnnlab.bench.worker;

import cnnlab.config.UsageException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The names of all engines that can be measured. */
public final class EngineNames {
  /** The engine from scratch on its fastest loops. */
  public static final String SCRATCH = "scratch";

  /** The engine from scratch on its plain loops. */
  static final String REFERENCE = "reference";

  private static final String DL4J = "dl4j";
  static final String ONEDNN = "dl4j-onednn";

  /** The engines of every build. */
  private static final List<String> OWN = List.of(SCRATCH, REFERENCE, DL4J, ONEDNN);

  /** The libraries of the profile peers. */
  private static final List<String> PEERS = List.of("onnxruntime", "pytorch");

  private static final String BUILD = "mvn -q -Ppeers compile";

  private EngineNames() {}

  /** All names, for help, messages and the order of charts. */
  public static List<String> all() {
    return Stream.concat(OWN.stream(), PEERS.stream()).toList();
  }

  /**
   * @throws UsageException when an engine is unknown, or this build does not include it; says how
   *     to get it
   */
  public static void check(List<String> engines) {
    for (String engine : engines) {
      if (!all().contains(engine)) {
        throw new UsageException(
            "--engines: '%s' is not one of %s".formatted(engine, String.join(", ", all())));
      }
      if (isPeer(engine) && peer(engine).isEmpty()) {
        throw new UsageException(
            "--engines: this build does not include %s. Build the profile peers once in a checkout (downloads about 190 MB): %s. Then the same ./cnnlab command finds it; with Maven: %s exec:java -Dexec.args=\"bench --engines scratch,%s\""
                .formatted(engine, BUILD, BUILD, engine));
      }
    }
  }

  /** Whether this is a library of the profile peers. */
  public static boolean isPeer(String engine) {
    return PEERS.contains(engine);
  }

  /** Whether this is DL4J, with or without oneDNN. */
  public static boolean isDl4j(String engine) {
    return engine.startsWith(DL4J);
  }

  /** Whether this is the network from scratch, on any loops. */
  public static boolean isScratch(String engine) {
    return engine.equals(SCRATCH) || engine.equals(REFERENCE);
  }

  /** The library of a name, if this build includes it. */
  static Optional<Peer> peer(String engine) {
    return ServiceLoader.load(Peer.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(peer -> peer.engine().equals(engine))
        .findFirst();
  }
}
