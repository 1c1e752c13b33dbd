/**
 * The network from scratch: forward, backward and training in plain Java, on flat arrays of floats.
 * No library computes anything here; the package {@code dl4j} only reads a DL4J graph and writes
 * trained parameters back.
 *
 * <h2>Reading order</h2>
 *
 * <ol>
 *   <li>{@link cnnlab.scratch.layer.Layer} and {@link cnnlab.scratch.Network}: what a layer is (its
 *       hyper-parameters and two methods, forward and backward), and how layers and one array of
 *       all parameters form a network.
 *   <li>The layers, with their formulas: {@link cnnlab.scratch.layer.Conv2d}, {@link
 *       cnnlab.scratch.layer.DepthwiseConv2d}, {@link cnnlab.scratch.layer.GroupConv2d}, {@link
 *       cnnlab.scratch.layer.Dense}; {@link cnnlab.scratch.layer.MaxPool2d}, {@link
 *       cnnlab.scratch.layer.AvgPool2d}, {@link cnnlab.scratch.layer.GlobalAvgPool2d}, {@link
 *       cnnlab.scratch.layer.GlobalMaxPool2d}; {@link cnnlab.scratch.layer.BatchNorm}, {@link
 *       cnnlab.scratch.layer.GroupNorm}; {@link cnnlab.scratch.layer.Activate}, {@link
 *       cnnlab.scratch.layer.PRelu}, {@link cnnlab.scratch.layer.Softmax}, {@link
 *       cnnlab.scratch.layer.LogSoftmax}; {@link cnnlab.scratch.layer.Dropout} and the other {@code
 *       RandomFactors}, {@link cnnlab.scratch.layer.GaussianNoise}; {@link
 *       cnnlab.scratch.layer.ElementwiseMerge} and {@link cnnlab.scratch.layer.Concatenate}, which
 *       have several inputs; {@link cnnlab.scratch.layer.Flatten}, {@link
 *       cnnlab.scratch.layer.FlattenChannelsLast}, {@link cnnlab.scratch.layer.ZeroPad2d}, {@link
 *       cnnlab.scratch.layer.ScaleShift}; {@link cnnlab.scratch.layer.TransposedConv2d}, {@link
 *       cnnlab.scratch.layer.BilinearResize2d}, {@link cnnlab.scratch.layer.Resample2d} and the
 *       {@link cnnlab.scratch.layer.Rearrangement}s, for networks whose output is an image.
 *   <li>{@code ReferenceConvolution} and {@link cnnlab.scratch.kernel.ReferenceKernels}: the plain
 *       loops.
 *   <li>{@code Backpropagation}, {@link cnnlab.scratch.train.Objective}, {@link
 *       cnnlab.metric.ClassMetrics}, {@link cnnlab.scratch.train.Penalty}, {@link
 *       cnnlab.scratch.train.Optimizer}, {@link cnnlab.scratch.train.Schedule} and {@link
 *       cnnlab.scratch.train.NetworkTrainer}, which combines them into one training step.
 *   <li>{@link cnnlab.scratch.ScoreGradient}: a backward pass at inference, for Grad-CAM.
 *   <li>{@link cnnlab.scratch.Workspace} and {@link cnnlab.scratch.ThreadTeam}: memory and threads.
 *   <li>{@code VectorConvolution}, {@code VectorDense} and the other Vector classes: the fast
 *       loops.
 *   <li>{@link cnnlab.scratch.compiled.CompiledNetwork}, its steps and their loops: inference on a
 *       few images, in another layout.
 *   <li>{@link cnnlab.scratch.dl4j.GraphCompiler}, the other Compiler classes and {@link
 *       cnnlab.scratch.dl4j.TrainingCompiler}: how a DL4J graph is translated.
 * </ol>
 *
 * <h2>Layout in memory</h2>
 *
 * <p>Callers see images as [N, C, H, W] and outputs as [N, K], row-major. Inside, L images lie side
 * by side, as described in {@link cnnlab.scratch.layer.LayerContext}: value (n, c, h, w) stands at
 * {@code (((n / L)·C + c)·H + h)·W + w)·L + n % L}. One vector then holds the same value of L
 * images, so that no size, stride or padding needs a case of its own. With the plain loops L is 1,
 * and this is [N, C, H, W] again. Weights of a convolution are [O, C, KH, KW], those of a dense
 * layer [in, out].
 *
 * <p>A single image would pay for L. So a {@link cnnlab.scratch.compiled.CompiledNetwork} lays out
 * the channels of one position side by side, [N, H, W, C], or, where there are only a few channels,
 * the columns of a row. Convolutions and dense layers are products of matrices there, and batch
 * normalisation is folded into their weights. Comparisons layer by layer do not use it.
 *
 * <h2>Two kernels</h2>
 *
 * <p>{@link cnnlab.scratch.kernel.Kernels} declares the loops that take most of the time. {@link
 * cnnlab.scratch.kernel.ReferenceKernels} is written to be checked by eye; {@code VectorKernels} is
 * many times faster and needs the module {@code jdk.incubator.vector}. {@link
 * cnnlab.scratch.kernel.Kernels#best} adds it if Java was started with {@code --add-exports
 * java.base/jdk.internal.module=ALL-UNNAMED}; if the module is missing, it logs one warning and
 * returns the plain loops. The Vector classes are compiled in a step of their own, because the
 * compiler warns about an incubating module and no option turns that off.
 *
 * <h2>Threads</h2>
 *
 * <p>A batch is cut into micro-batches of 32 images. Threads take the next micro-batch when they
 * are free. Each micro-batch has its own sum of parameter gradients; these sums are added in the
 * order of the micro-batches. So the number of threads changes no bit of the result. All memory is
 * allocated once.
 *
 * <h2>Where formulas come from</h2>
 *
 * <p>Convolution: equation (1) of the report. Backpropagation: the chain rule, checked by central
 * differences on a copy of this package in double precision (package {@code cnnlab.scratch64}, made
 * by the build) and against DL4J. Batch normalisation: Ioffe and Szegedy 2015. Adam: Kingma and Ba
 * 2015, with epsilon in the same place as in DL4J and Keras; AdamW: Loshchilov and Hutter 2019.
 * Clipping by norm: Pascanu et al. 2013. Names of parameters, padding and running averages are
 * DL4J's. The layers also pass the ONNX project's node tests.
 */
package cnnlab.scratch;
