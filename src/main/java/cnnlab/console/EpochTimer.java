package cnnlab.console;

import cnnlab.text.Numbers;
import java.time.Duration;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.LongSupplier;

/** Speed and remaining time of a training, and the line that ends an epoch. */
final class EpochTimer {

  private final LongSupplier nanoTime;
  private int totalEpochs;
  private long itemsPerEpoch;
  private int epochsDone;
  private long itemsInEpoch;
  private long startedAt;
  private TimeLeft timeLeft;
  private long epochStartedAt;
  private long lastStepAt;

  EpochTimer(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Starts the clock; returns the line that announces the training. */
  String start(String task, Progress.Epochs epochs, long items) {
    totalEpochs = epochs.total();
    itemsPerEpoch = items;
    epochsDone = epochs.before();
    itemsInEpoch = 0;
    startedAt = nanoTime.getAsLong();
    epochStartedAt = startedAt;
    lastStepAt = startedAt;
    timeLeft = new TimeLeft(nanoTime, totalEpochs, epochsDone);
    return task
        + ": "
        + Numbers.count(totalEpochs)
        + (totalEpochs == 1 ? " epoch of " : " epochs of ")
        + Numbers.count(items)
        + " images"
        + (epochsDone == 0 ? "" : ", " + Numbers.count(epochsDone) + " done before");
  }

  /** Counts images that have been trained on since the last step. */
  void step(long items) {
    itemsInEpoch += items;
    lastStepAt = nanoTime.getAsLong();
    timeLeft.at(epochsDone + Math.min(1.0, (double) itemsInEpoch / Math.max(1, itemsPerEpoch)));
  }

  /** Such as {@code epoch 3/10}, equally wide for every epoch. */
  String epochName(int epoch) {
    int width = Integer.toString(totalEpochs).length();
    return String.format(Locale.ROOT, "epoch %" + width + "d/%d", epoch, totalEpochs);
  }

  /** Number of the current epoch, from 1. */
  int currentEpoch() {
    return epochsDone + 1;
  }

  /** Time left at the speed so far, validation included; see {@link TimeLeft}. */
  String left() {
    return timeLeft.left();
  }

  /** Ends the epoch; returns its line. */
  String epochDone(EpochPoint point) {
    long now = nanoTime.getAsLong();
    String speed = speed();
    epochsDone++;
    timeLeft.at(epochsDone);
    itemsInEpoch = 0;
    epochStartedAt = now;
    lastStepAt = now;
    StringJoiner line = new StringJoiner("  ").add(epochName(point.epoch())).add(speed);
    add(line, "loss", point.trainLoss());
    add(line, "val acc", point.validationAccuracy());
    boolean last = epochsDone >= totalEpochs;
    line.add(
        last ? "took " + Numbers.duration(Duration.ofNanos(now - startedAt)) : "left " + left());
    return line.toString();
  }

  /** Training speed, without validation, which follows the last step. */
  String speed() {
    boolean stepped = itemsInEpoch > 0;
    long nanos = (stepped ? lastStepAt : nanoTime.getAsLong()) - epochStartedAt;
    long items = stepped ? itemsInEpoch : itemsPerEpoch;
    long perSecond = Math.round(items * 1e9 / Math.max(1, nanos));
    return String.format(Locale.ROOT, "%,6d images/s", perSecond);
  }

  private static void add(StringJoiner line, String name, double value) {
    if (!Double.isNaN(value)) {
      line.add(name + " " + Numbers.fixed(value, 4));
    }
  }
}
