package cnnlab.sweep;

import cnnlab.config.ConfigLoader;
import cnnlab.metric.Summary;
import cnnlab.store.RunDirectory;
import cnnlab.text.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes {@code best.yaml}: the best point as an experiment of its own, in the format of the files
 * in {@code experiments/}. It uses the draws of the confirmation, or those of the search if there
 * was no confirmation.
 */
final class BestFile {
  static final String NAME = "best.yaml";

  private BestFile() {}

  static <C extends Record> void write(
      RunDirectory directory, Path shown, SweepPlan<C> plan, SweepResult result)
      throws IOException {
    boolean confirmed = result.confirmation() != null;
    C config =
        ConfigLoader.with(
            plan.configs().get(result.best().point() - 1),
            Map.of(
                "experiment",
                plan.config().experiment() + "-best",
                "threads",
                0,
                "seed",
                confirmed ? result.confirmation().seed() : plan.config().seed(),
                "repetitions",
                confirmed ? plan.config().confirm().repetitions() : plan.config().repetitions()),
            NAME);
    directory.writeText(
        NAME,
        header(shown, plan, result) + ConfigLoader.differences(config, plan.task().defaults()));
  }

  private static String header(Path shown, SweepPlan<?> plan, SweepResult result) {
    Summary searched = result.best().score();
    String levels =
        result.best().levels().entrySet().stream()
            .map(l -> "%s %s".formatted(l.getKey(), l.getValue()))
            .collect(Collectors.joining(", "));
    return """
        # The best point of the sweep %s.
        #
        # What:      point %s of %s (%s): %s.
        # Chosen:    by the %s mean %s over %s, %s; no test image was used.
        # Expected:  %s.
        # Command:   ./cnnlab %s --config %s
        #
        # Keys that are not listed have their defaults: ./cnnlab %s --help.

        """
        .formatted(
            result.experiment(),
            result.best().point(),
            result.points(),
            result.method(),
            levels,
            result.maximise() ? "highest" : "lowest",
            result.objective(),
            draws(searched.n()),
            Numbers.fixed(searched.mean(), 4),
            expected(plan, result),
            plan.task().name(),
            shown.resolve(NAME),
            plan.task().name());
  }

  private static String expected(SweepPlan<?> plan, SweepResult result) {
    if (result.confirmation() == null) {
      return "less than that: it is the best of %s points, and %s"
          .formatted(
              result.points(),
              plan.config().confirm().repetitions() == 0
                  ? "was not run again on fresh draws"
                  : "did not complete on fresh draws");
    }
    Summary s = result.confirmation().best();
    return "%s %s on the draws of this seed, which the search did not use (n = %s, 95 %% interval %s)"
        .formatted(
            result.objective(), Numbers.fixed(s.mean(), 4), s.n(), Numbers.interval(s.ci95(), 4));
  }

  private static String draws(int n) {
    return n == 1 ? "one draw" : n + " draws";
  }
}
