package cnnlab.bench;

import cnnlab.bench.model.BenchModel;
import cnnlab.bench.worker.Request;

/**
 * One setting that is measured.
 *
 * @param model the network
 * @param engine the engine
 * @param threads its number of threads
 * @param training whether steps of training are measured; else inference
 * @param batch images per call
 */
record Setting(BenchModel model, String engine, int threads, boolean training, int batch) {
  static final String TRAIN = "train";
  static final String INFER = "infer";

  String mode() {
    return training ? TRAIN : INFER;
  }

  /** Whether two settings differ in nothing but the engine and its threads. */
  boolean isComparable(Setting other) {
    return model == other.model && training == other.training && batch == other.batch;
  }

  Request request(double seconds) {
    return new Request(
        model.name(), training ? Request.Task.TRAIN : Request.Task.INFER, batch, seconds);
  }
}
