package cnnlab.explorer.web;

import cnnlab.augment.ImageChange;
import cnnlab.explorer.Answers.Examined;
import cnnlab.explorer.Answers.Example;
import cnnlab.explorer.Answers.LayerView;
import cnnlab.explorer.Answers.Model;
import cnnlab.explorer.Explorer;
import cnnlab.store.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One self-contained page of a model and an image, without a server. It holds the answers that the
 * page needs: outputs, feature maps, weights, what the network looks at, and how the largest value
 * of each channel shown came about.
 */
public final class PageExport {
  /** Maps of each layer; more would make the page large. */
  private static final int MOST_MAPS = 16;

  private PageExport() {}

  /**
   * The page.
   *
   * @param key the model
   * @param example the image, of the model's input shape
   * @return HTML
   */
  public static String html(Explorer explorer, String key, Example example) throws IOException {
    Model model = explorer.model(key);
    Map<String, Object> answers = new LinkedHashMap<>();
    Examined examined = explorer.examine(key, example.pixels(), ImageChange.NONE);
    answers.put("models", Map.of("keys", List.of(key), "models", List.of(model)));
    answers.put("example", example);
    answers.put("examine", examined);
    if (model.maps()) {
      answers.put("attention", explorer.attention(examined.id()));
    }
    for (LayerView layer : model.layers()) {
      layer(explorer, model, examined, layer, answers);
    }
    String data = Json.lineWriter().writeValueAsString(answers);
    return page(data);
  }

  private static void layer(
      Explorer explorer,
      Model model,
      Examined examined,
      LayerView layer,
      Map<String, Object> answers) {
    int count = Math.min(MOST_MAPS, layer.channels());
    answers.put("maps/" + layer.name(), explorer.maps(examined.id(), layer.name(), 0, count));
    if (!layer.kernels().isEmpty()) {
      answers.put(
          "weights/%s/0".formatted(layer.name()), explorer.weights(model.key(), layer.name(), 0));
    } else if (!layer.weightMap().isEmpty()) {
      for (int k = 0; k < count; k++) {
        answers.put(
            "weights/%s/%s".formatted(layer.name(), k),
            explorer.weights(model.key(), layer.name(), k));
      }
    }
    List<Object> stories = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      int[] place = explorer.largest(examined.id(), layer.name(), c);
      stories.add(explorer.value(examined.id(), layer.name(), c, place[0], place[1]));
    }
    answers.put("values/" + layer.name(), stories);
  }

  private static String page(String data) {
    String html = PageFile.of("").orElseThrow().text();
    String css = PageFile.of("explorer.css").orElseThrow().text();
    StringBuilder scripts = new StringBuilder();
    for (String name : PageFile.SCRIPTS) {
      String link = "<script src=\"%s\" defer></script>\n".formatted(name);
      if (!html.contains(link)) {
        throw new IllegalStateException("the page does not read " + name);
      }
      html = html.replace(link, "");
      String text = PageFile.of(name).orElseThrow().text();
      scripts.append("<script>\n").append(text).append("</script>\n");
    }
    // A script runs where it stands, so the scripts follow what they fill.
    return html.replace(
            "<link rel=\"stylesheet\" href=\"explorer.css\">", "<style>\n" + css + "</style>")
        .replace(
            "</body>",
            "<script type=\"application/json\" id=\"answers\">"
                // No end tag inside a script.
                + data.replace("<", "\\u003c")
                + "</script>\n"
                + scripts
                + "</body>");
  }
}
