package cnnlab.explorer.web;

import cnnlab.augment.ImageChange;
import cnnlab.augment.colour.ColourChange;
import cnnlab.augment.transform.Pose;
import cnnlab.engine.EngineKind;
import cnnlab.explorer.Explorer;
import cnnlab.explorer.Explorer.UnknownException;
import cnnlab.explorer.LiveSettings;
import cnnlab.explorer.LiveTraining;
import cnnlab.model.TrainableGraphs.Kind;
import cnnlab.model.TrainableGraphs.Optimiser;
import cnnlab.store.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The questions that a page may ask, by name. Every question has a JSON object; the answer is a
 * record or map that becomes JSON.
 */
final class Questions {
  private final Explorer explorer;
  private final Map<String, Question> all = new LinkedHashMap<>();

  /** Answers a question. */
  @FunctionalInterface
  private interface Question {
    Object answer(JsonNode arguments) throws IOException;
  }

  Questions(Explorer explorer) {
    this.explorer = explorer;
    all.put("models", a -> Map.of("keys", explorer.keys(), "models", models()));
    all.put("model", a -> explorer.model(text(a, "key")));
    all.put("examine", this::examine);
    all.put(
        "maps",
        a -> explorer.maps(text(a, "id"), text(a, "layer"), number(a, "from"), number(a, "count")));
    all.put(
        "weights", a -> explorer.weights(text(a, "key"), text(a, "layer"), number(a, "output")));
    all.put(
        "value",
        a ->
            explorer.value(
                text(a, "id"),
                text(a, "layer"),
                number(a, "channel"),
                number(a, "row"),
                number(a, "column")));
    all.put("attention", a -> explorer.attention(text(a, "id")));
    all.put("example", a -> explorer.example(text(a, "key"), number(a, "index")));
    all.put("examples", a -> Map.of("count", explorer.examples(text(a, "key"))));
    all.put("mistakes", a -> explorer.mistakes(text(a, "key")));
    all.put(
        "augmentations",
        a -> Map.of("choices", LiveTraining.augmentations(choice(a, "network", Kind.class))));
    all.put("train", this::train);
    all.put("steer", a -> explorer.live().steer(choice(a, "action", LiveTraining.Action.class)));
    all.put("state", a -> explorer.live().state());
    all.put("keep", a -> Map.of("run", explorer.live().keep().toString()));
  }

  /**
   * Answers a question.
   *
   * @throws UnknownException when there is no such question, or its arguments do not fit
   */
  Object answer(String name, JsonNode arguments) throws IOException {
    Question question = all.get(name);
    if (question == null) {
      throw new UnknownException("there is no question '%s'".formatted(name));
    }
    try {
      return question.answer(arguments);
    } catch (IllegalArgumentException e) {
      throw new UnknownException(String.valueOf(e.getMessage()));
    }
  }

  private Object models() {
    return explorer.keys().stream().map(explorer::model).toList();
  }

  private Object examine(JsonNode a) {
    byte[] pixels = Base64.getDecoder().decode(text(a, "pixels"));
    return explorer.examine(text(a, "key"), pixels, change(a.path("change")));
  }

  private static ImageChange change(JsonNode c) {
    if (!c.isObject() && !c.isMissingNode()) {
      throw new UnknownException("'change' is %s; an object expected".formatted(c));
    }
    return new ImageChange(
        flag(c, "flipHorizontally"),
        flag(c, "flipVertically"),
        new Pose.Values(
            decimal(c, "rotation", 0),
            decimal(c, "shear", 0),
            decimal(c, "magnification", 1),
            decimal(c, "right", 0),
            decimal(c, "down", 0)),
        decimal(c, "brightness", 0),
        decimal(c, "contrast", 1),
        new ColourChange.Values(
            decimal(c, "haematoxylin", 1),
            decimal(c, "eosin", 1),
            decimal(c, "hue", 0),
            decimal(c, "saturation", 1)));
  }

  private static boolean flag(JsonNode arguments, String name) {
    JsonNode value = arguments.path(name);
    if (!value.isBoolean() && !value.isMissingNode()) {
      throw new UnknownException(
          "'%s' is %s; true or false expected".formatted(name, value.toString()));
    }
    return value.asBoolean(false);
  }

  private static double decimal(JsonNode arguments, String name, double fallback) {
    return arguments.path(name).isMissingNode() ? fallback : decimal(arguments, name);
  }

  private Object train(JsonNode a) throws IOException {
    return explorer
        .live()
        .create(
            new LiveSettings(
                choice(a, "network", Kind.class),
                number(a, "images"),
                choice(a, "engine", EngineKind.class),
                choice(a, "optimiser", Optimiser.class),
                decimal(a, "learningRate"),
                number(a, "batchSize"),
                augmentation(a.path("augmentation")),
                number(a, "seed")));
  }

  /** The list of transforms; which are known is checked with their parameters. */
  private static List<Object> augmentation(JsonNode list) throws IOException {
    if (!list.isArray()) {
      throw new UnknownException(
          "'augmentation' is %s; a list of transforms expected, such as [{\"rotate\":{\"degrees\":10}}]"
              .formatted(list));
    }
    return Json.reader().forType(List.class).readValue(list);
  }

  private static String text(JsonNode arguments, String name) {
    JsonNode value = arguments.path(name);
    if (!value.isTextual()) {
      throw new UnknownException("'%s' is missing; a text expected".formatted(name));
    }
    return value.asText();
  }

  private static int number(JsonNode arguments, String name) {
    JsonNode value = arguments.path(name);
    if (!value.isInt()) {
      throw new UnknownException(
          "'%s' is %s; a whole number expected".formatted(name, value.toString()));
    }
    return value.asInt();
  }

  private static double decimal(JsonNode arguments, String name) {
    JsonNode value = arguments.path(name);
    if (!value.isNumber()) {
      throw new UnknownException("'%s' is %s; a number expected".formatted(name, value.toString()));
    }
    return value.asDouble();
  }

  private static <E extends Enum<E>> E choice(JsonNode arguments, String name, Class<E> type) {
    String wanted = text(arguments, name).toUpperCase(Locale.ROOT);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new UnknownException(
                    "'%s' is %s; one of %s expected"
                        .formatted(name, wanted, Arrays.toString(type.getEnumConstants()))));
  }
}
