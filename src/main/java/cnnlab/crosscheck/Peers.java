package cnnlab.crosscheck;

import cnnlab.config.UsageException;
import cnnlab.data.file.NpyArray;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelExport;
import cnnlab.inference.ModelInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** Finds other libraries and runs models in them, as ONNX files. */
public final class Peers {
  /** The libraries that there are, for help and messages. */
  public static final String KNOWN = "onnxruntime";

  private static final String BUILD = "mvn -q -Ppeers compile";

  private Peers() {}

  /**
   * A library.
   *
   * @param option the value of {@code --with}
   * @throws UsageException when there is no such library, or this build does not include it; says
   *     how to get it
   */
  public static Peer find(String option) {
    if (!option.equals(KNOWN)) {
      throw new UsageException("--with is '%s'; expected %s".formatted(option, KNOWN));
    }
    return ServiceLoader.load(Peer.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(peer -> peer.option().equals(option))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--with %s: this build does not include ONNX Runtime. Build that part once in a checkout (downloads about 190 MB): %s. Then the same ./cnnlab command finds it; with Maven: %s exec:java -Dexec.args=\"compare MODEL --with %s\""
                        .formatted(option, BUILD, BUILD, option)));
  }

  /**
   * The outputs of a library. A model that is no ONNX file is exported to a temporary one.
   *
   * @throws UsageException when the library cannot run the model, or it has several inputs or
   *     outputs
   * @throws cnnlab.model.file.ModelFileException when it cannot be written as ONNX
   * @throws IOException when the temporary file cannot be written
   */
  public static OtherOutputs outputs(Peer peer, LoadedModel model, ModelInputs inputs)
      throws IOException {
    if (model.ends() != null) {
      throw new UsageException(
          "%s has inputs %s and outputs %s; --with takes models with one of each. Leave it out"
              .formatted(model.file(), model.inputNames(), model.outputNames()));
    }
    if (ModelExport.isOnnx(model.file())) {
      return run(peer, model, model.file(), inputs);
    }
    Path folder = Files.createTempDirectory("cnnlab-peer");
    Path file = folder.resolve("model.onnx");
    try {
      ModelExport.write(model, inputs.layout(), file, false);
      return run(peer, model, file, inputs);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  private static OtherOutputs run(Peer peer, LoadedModel model, Path file, ModelInputs inputs) {
    int n = inputs.count();
    ArrayLayout input = ModelExport.onnxInput(model, inputs.layout());
    NpyArray given = new NpyArray(input.arrayShape(n), input.fromEngines(inputs.values(), n));
    NpyArray found = peer.outputs(file, given);
    int[] shape = found.shape();
    boolean known = model.output() != null;
    if (shape.length < 2 || shape[0] != n || known && !model.output().fits(found)) {
      throw new UsageException(
          "%s: %s gives outputs of shape %s for %s inputs%s"
              .formatted(
                  model.file(),
                  peer.name(),
                  java.util.Arrays.toString(shape),
                  n,
                  known ? ", expected " + model.output().ofMany() : ""));
    }
    float[] values = known ? model.output().channelsFirst(found.data(), n) : found.data();
    return new OtherOutputs(peer.name(), values);
  }
}
