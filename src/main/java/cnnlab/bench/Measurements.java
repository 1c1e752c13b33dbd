package cnnlab.bench;

import cnnlab.bench.model.BenchModel;
import cnnlab.bench.roofline.MachinePeak;
import cnnlab.bench.roofline.Roofline;
import cnnlab.bench.worker.Agreement;
import cnnlab.bench.worker.Answer;
import cnnlab.bench.worker.EngineNames;
import cnnlab.bench.worker.Request;
import cnnlab.bench.worker.WorkerProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Measures all settings of all models, one repeat of all after the other. */
final class Measurements implements AutoCloseable {
  /** The warm-up takes so many times as long as a measurement. */
  static final int WARM_UP = 6;

  private final BenchOptions options;
  private final PrintStream out;
  private final Agreement agreement = new Agreement();
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final Map<Setting, Samples> measured = new LinkedHashMap<>();
  private final Set<String> refusals = new LinkedHashSet<>();
  private final Set<String> disagreements = new LinkedHashSet<>();

  Measurements(BenchOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** What was measured of each setting. */
  Map<Setting, Samples> measured() {
    return measured;
  }

  /** What engines cannot do, one sentence each. */
  List<String> refusals() {
    return List.copyOf(refusals);
  }

  /** Which engines compute something else, one sentence each. */
  List<String> disagreements() {
    return List.copyOf(disagreements);
  }

  /** Starts a process for each engine and number of threads. */
  void start(List<BenchModel> models) throws IOException {
    WorkerHeap heap = new WorkerHeap(options);
    // All are checked before the first is started.
    for (String engine : options.engines()) {
      for (int threads : options.threads()) {
        heap.of(engine, threads, models);
      }
    }
    for (String engine : options.engines()) {
      for (int threads : options.threads()) {
        workers.add(WorkerProcess.start(engine, threads, heap.of(engine, threads, models)));
      }
    }
  }

  /** Measures a model in all processes. */
  void measure(BenchModel model) throws IOException {
    Map<Setting, WorkerProcess> settings = settings(model);
    for (int repeat = -1; repeat < options.repeats(); repeat++) {
      out.printf(
          "%s: %s%n",
          model, repeat < 0 ? "warming up" : "repeat " + (repeat + 1) + "/" + options.repeats());
      for (Map.Entry<Setting, WorkerProcess> entry : settings.entrySet()) {
        Setting setting = entry.getKey();
        double seconds = options.seconds() * (repeat < 0 ? WARM_UP : 1);
        Answer answer = entry.getValue().ask(setting.request(seconds));
        if (repeat >= 0) {
          measured.computeIfAbsent(setting, s -> new Samples(s.batch())).add(answer);
        }
      }
    }
  }

  private Map<Setting, WorkerProcess> settings(BenchModel model) throws IOException {
    if (options.modes().contains(Setting.TRAIN) && !model.isTrainable()) {
      refusals.add("%s is not trained: %s".formatted(model, model.untrainable()));
    }
    Map<Setting, WorkerProcess> settings = new LinkedHashMap<>();
    for (WorkerProcess worker : workers) {
      String engine = worker.engine();
      if (options.trains(model) && agrees(agreement.learning(worker, model), worker, model, true)) {
        settings.put(
            new Setting(model, engine, worker.threads(), true, model.trainBatch()), worker);
      }
      if (options.modes().contains(Setting.INFER)
          && agrees(agreement.outputs(worker, model), worker, model, false)) {
        for (int batch : options.batches()) {
          settings.put(new Setting(model, engine, worker.threads(), false, batch), worker);
        }
      }
    }
    return settings;
  }

  private boolean agrees(
      Agreement.Finding finding, WorkerProcess worker, BenchModel model, boolean training) {
    String what = "%s does not %s %s".formatted(worker.engine(), training ? "train" : "run", model);
    if (!finding.refused().isEmpty()) {
      refusals.add(what + ": " + finding.refused());
    } else if (!finding.difference().isEmpty()) {
      disagreements.add(
          "%s on %s is not measured: %s".formatted(worker.engine(), model, finding.difference()));
    }
    return finding.agrees();
  }

  /** The layers of a model in the engine from scratch, with each number of threads and batch. */
  List<Roofline> rooflines(BenchModel model, List<MachinePeak> peaks) throws IOException {
    List<Roofline> all = new ArrayList<>();
    for (WorkerProcess worker : workers) {
      if (!worker.engine().equals(EngineNames.SCRATCH)) {
        continue;
      }
      MachinePeak peak =
          peaks.stream().filter(p -> p.threads() == worker.threads()).findFirst().orElseThrow();
      for (int batch : options.batches()) {
        Answer answer =
            worker.ask(
                new Request(model.name(), Request.Task.LAYERS, batch, options.seconds() * 4));
        all.add(Roofline.of(model.name(), batch, peak, answer.layers()));
      }
    }
    return all;
  }

  @Override
  public void close() {
    workers.forEach(WorkerProcess::close);
  }
}
