package cnnlab.cli.option;

import cnnlab.config.UsageException;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.InputShapes;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelEnds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The shapes of a model's inputs, for files that do not give them. */
public final class InputOption {
  @Option(
      names = "--input",
      paramLabel = "H,W,C",
      description =
          "Size of one input, if MODEL accepts several and does not give one, or leaves height and width open: height, width, channels; or the number of features. For a model with several inputs NAME=H,W,C for each.")
  private List<String> input = new ArrayList<>();

  /** Whether the given sizes were those that the file leaves open. */
  private boolean completed;

  /** The sizes of the only input, for a file that leaves them open; null if they are not given. */
  List<Integer> sizes() {
    completed = input.size() == 1 && input.get(0).indexOf('=') < 0;
    return completed ? layout(input.get(0)).sizes() : null;
  }

  /**
   * The model with its inputs and outputs joined, if it has several.
   *
   * @throws UsageException when neither the file nor the user gives the shapes of the inputs, or
   *     they differ
   */
  public LoadedModel joined(LoadedModel loaded) {
    List<String> names = loaded.inputNames();
    if (completed || input.isEmpty() || loaded.ends() == null && !loaded.isApart()) {
      return InputShapes.joined(loaded, "--input NAME=H,W,C for each");
    }
    if (loaded.ends() != null) {
      throw new UsageException(
          "--input is given, but %s gives its inputs: %s; leave --input out"
              .formatted(loaded.file(), ModelEnds.text(loaded.ends().inputs())));
    }
    Map<String, ArrayLayout> given = new HashMap<>();
    for (int i = 0; i < input.size(); i++) {
      String text = input.get(i);
      int at = text.indexOf('=');
      String name = at < 0 && i < names.size() ? names.get(i) : text.substring(0, Math.max(0, at));
      if (!names.contains(name) || given.put(name, layout(text.substring(at + 1))) != null) {
        throw new UsageException(
            "--input %s: expected one NAME=H,W,C for each input of %s: %s"
                .formatted(text, loaded.file(), names));
      }
    }
    if (given.size() != names.size()) {
      throw new UsageException(
          "--input: sizes of %s found, expected one NAME=H,W,C for each input of %s: %s"
              .formatted(given.keySet(), loaded.file(), names));
    }
    return loaded.joined(names.stream().map(given::get).toList());
  }

  private static ArrayLayout layout(String text) {
    try {
      return new ArrayLayout(Stream.of(text.split(",", -1)).map(Integer::valueOf).toList());
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--input is '%s'; H,W,C or one number of features expected, each at least 1"
              .formatted(text),
          e);
    }
  }

  /**
   * The shape of one input.
   *
   * @throws UsageException when neither the file nor the user gives it, or they differ
   */
  public ArrayLayout of(LoadedModel loaded) {
    if (input.isEmpty() || loaded.ends() != null) {
      return InputShapes.find(loaded)
          .orElseThrow(
              () ->
                  new UsageException(
                      "%s: the file does not give the size of its inputs, and none of the usual sizes fits; give it with --input H,W,C"
                          .formatted(loaded.file())));
    }
    if (input.size() > 1) {
      throw new UsageException(
          "--input: %s sizes found, but %s has one input; give one"
              .formatted(input.size(), loaded.file()));
    }
    ArrayLayout given = layout(input.get(0));
    if (loaded.input() != null && !loaded.input().equals(given)) {
      throw new UsageException(
          "--input is %s, but the inputs of %s are %s; leave --input out"
              .formatted(given, loaded.file(), loaded.input()));
    }
    return given;
  }
}
