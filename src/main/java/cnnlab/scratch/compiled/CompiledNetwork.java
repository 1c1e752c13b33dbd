package cnnlab.scratch.compiled;

import cnnlab.scratch.Network;
import cnnlab.scratch.StepClock;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.compiled.kernel.RowKernels;
import cnnlab.scratch.kernel.Scratchpad;
import java.util.List;

/**
 * A network prepared for inference on a few images. {@code Inference} computes L images side by
 * side, so that one image costs as much as L; here the vectors hold L channels of one position, and
 * several threads share the work of one image.
 *
 * <p>Batch normalisation is folded into the weights, sums and activations are computed together
 * with the layer before them. So values differ from those of {@code Inference} by rounding, and
 * there are no activations of single layers. Weights are copied: later changes have no effect.
 *
 * <p>The number of threads changes no bit of the result. Not thread-safe.
 */
public final class CompiledNetwork {
  /** Floats of activations that are kept at once, over all images of a pass. */
  private static final int MEMORY = 1 << 24;

  /** Images of a pass, at most. */
  private static final int MOST_IMAGES = 32;

  private final Network network;
  private final List<Step> steps;
  private final List<List<Integer>> nodes;
  private final List<Activations> activations;
  private final List<Activations> inputs;
  private final Activations output;
  private final int lanes;
  private final int imagesOfPass;
  private final Scratchpad pad = new Scratchpad();

  /** Estimated times of one image here, and of one group of images side by side. */
  private final double nanoseconds;

  private final double oneGroup;
  private final double group;
  private int capacity;

  /** Compiles a network, with its current parameters, for the fastest kernels there are. */
  public CompiledNetwork(Network network) {
    this(network, RowKernels.like(network.kernels()));
  }

  CompiledNetwork(Network network, RowKernels kernels) {
    NetworkCompiler compiler = new NetworkCompiler(network, kernels);
    this.network = network;
    this.steps = compiler.steps();
    this.nodes = compiler.stepNodes();
    this.activations = compiler.all();
    this.inputs = compiler.inputs();
    this.output = compiler.output();
    this.lanes = kernels.lanes();
    this.nanoseconds = steps.stream().mapToDouble(Step::nanoseconds).sum();
    this.oneGroup = Cost.sideBySide(network, true);
    this.group = Cost.sideBySide(network, false);
    int largest = activations.stream().mapToInt(Activations::imageSize).max().orElse(1);
    this.imagesOfPass = Math.max(1, Math.min(MOST_IMAGES, MEMORY / largest));
  }

  /**
   * Whether this is likely to take less time than {@code Inference}, which computes L images side
   * by side. The answer does not depend on the number of threads.
   *
   * @param images how many images there are
   */
  public boolean suits(int images) {
    int groups = (images + network.kernels().lanes() - 1) / network.kernels().lanes();
    return images * nanoseconds <= groups * (groups == 1 ? oneGroup : group);
  }

  /** Values of one image's output. */
  int outputSize() {
    return output.shape.size();
  }

  /**
   * The network's output.
   *
   * @param x images [.., C, H, W]
   * @param from the first image to compute
   * @param to one behind the last
   * @param out receives the outputs, each at its image's position [.., …]
   * @param team computes
   * @throws IllegalArgumentException when {@code x} has fewer images
   */
  public void run(float[] x, int from, int to, float[] out, ThreadTeam team) {
    run(x, from, to, out, team, null);
  }

  /**
   * The same, telling how long each step took.
   *
   * @param clock receives the durations, in which all threads of the team worked; null for nobody
   */
  public void run(float[] x, int from, int to, float[] out, ThreadTeam team, StepClock clock) {
    network.checkImages(x, to);
    for (int at = from; at < to; at += imagesOfPass) {
      int count = Math.min(imagesOfPass, to - at);
      reserve(count);
      long start = clock == null ? 0 : System.nanoTime();
      for (int n = 0; n < count; n++) {
        for (Activations in : inputs) {
          in.load(x, (at + n) * in.shape.size(), n);
        }
      }
      long loaded = clock == null ? 0 : System.nanoTime();
      compute(count, team, clock);
      long computed = clock == null ? 0 : System.nanoTime();
      for (int n = 0; n < count; n++) {
        output.store(n, out, (at + n) * output.shape.size());
      }
      if (clock != null) {
        clock.step(List.of(), loaded - start + System.nanoTime() - computed);
      }
    }
  }

  private void compute(int images, ThreadTeam team, StepClock clock) {
    for (int s = 0; s < steps.size(); s++) {
      Step step = steps.get(s);
      long start = clock == null ? 0 : System.nanoTime();
      int tasks = step.divide(images, team.threads());
      if (tasks == 1) {
        step.run(0, pad);
      } else {
        team.run(tasks, step::run);
      }
      if (clock != null) {
        clock.step(nodes.get(s), System.nanoTime() - start);
      }
    }
  }

  private void reserve(int images) {
    if (images <= capacity) {
      return;
    }
    for (Activations r : activations) {
      int size = Math.addExact(Math.multiplyExact(images, r.imageSize()), 4 * lanes);
      if (r.memory.values.length < size) {
        r.memory.values = new float[size];
      }
    }
    capacity = images;
  }
}
