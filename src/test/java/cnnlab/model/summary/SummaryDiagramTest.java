package cnnlab.model.summary;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.model.summary.DiagramLayout.Place;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class SummaryDiagramTest {
  private static LayerSummary layer(String name, String... inputs) {
    return new LayerSummary(name, "Kind", List.of(4L, 4L, 2L), 1, 0, 0, List.of(inputs));
  }

  /** A block with a shortcut past two layers, and a branch. */
  private static final ModelSummary MODEL =
      new ModelSummary(
          List.of(
              layer("in"),
              layer("a", "in"),
              layer("b", "a"),
              layer("c", "a"),
              layer("add <&> \"it\"\u0001", "c", "b", "in")));

  @Test
  void everyLayerIsABoxAndEveryConnectionAnArrowInValidXml() throws Exception {
    String svg = SummaryDiagram.svg("model & co", MODEL);
    Document xml =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(xml.getElementsByTagName("rect").getLength()).isEqualTo(1 + 5);
    assertThat(xml.getElementsByTagName("path").getLength()).isEqualTo(1 + 6);
    assertThat(xml.getDocumentElement().getTextContent())
        .contains("model & co", "add <&> \"it\"?", "[4, 4, 2] · 1 parameter");
  }

  @Test
  void nothingOverlapsAndAShortcutPassesBesideTheBoxes() {
    DiagramLayout layout = new DiagramLayout(MODEL, 100, 20);
    assertThat(layout.rows()).hasSize(4);
    for (List<Place> row : layout.rows()) {
      for (int i = 1; i < row.size(); i++) {
        Place left = row.get(i - 1);
        Place right = row.get(i);
        assertThat(right.x - left.x).isGreaterThanOrEqualTo((left.width + right.width) / 2 - 1e-9);
      }
      assertThat(row).allSatisfy(place -> assertThat(place.x).isPositive());
    }
    List<Place> shortcut =
        layout.lines().stream().filter(line -> line.size() == 4).findFirst().orElseThrow();
    assertThat(shortcut.get(0).layer.name()).isEqualTo("in");
    assertThat(shortcut.subList(1, 3)).allSatisfy(place -> assertThat(place.layer).isNull());
  }
}
