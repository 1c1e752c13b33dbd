package cnnlab.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Renders a document as HTML, with the templates in {@code src/main/jte}. */
public final class HtmlRenderer {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(
          null,
          ContentType.Html,
          HtmlRenderer.class.getClassLoader(),
          HtmlRenderer.class.getPackageName());

  private HtmlRenderer() {}

  /**
   * The model of the templates.
   *
   * @param document the document to show
   * @param sources the address of each picture
   */
  record Page(Document document, Map<Path, String> sources) {
    String source(Block.Figure figure) {
      return sources.get(figure.file());
    }
  }

  /**
   * Renders a self-contained page with all pictures embedded.
   *
   * @throws IOException if a picture cannot be read
   */
  public static String selfContained(Document document) throws IOException {
    Map<Path, String> sources = new HashMap<>();
    for (Section section : document.sections()) {
      embed(section, sources);
    }
    return render(new Page(document, sources));
  }

  /**
   * Renders a page with links to the pictures.
   *
   * @param folder the folder of the page
   */
  public static String linked(Document document, Path folder) {
    Links links = new Links(folder);
    Map<Path, String> sources = new HashMap<>();
    document.sections().forEach(section -> link(section, links, sources));
    return render(new Page(document, sources));
  }

  private static String render(Page page) {
    StringOutput out = new StringOutput();
    TEMPLATES.render("report.jte", page, out);
    return out.toString();
  }

  private static void embed(Section section, Map<Path, String> sources) throws IOException {
    for (Block block : section.blocks()) {
      if (block instanceof Block.Gallery gallery) {
        for (Block.Figure figure : gallery.figures()) {
          byte[] png = Files.readAllBytes(figure.file());
          sources.put(
              figure.file(), "data:image/png;base64," + Base64.getEncoder().encodeToString(png));
        }
      }
    }
    for (Section part : section.parts()) {
      embed(part, sources);
    }
  }

  private static void link(Section section, Links links, Map<Path, String> sources) {
    for (Block block : section.blocks()) {
      if (block instanceof Block.Gallery gallery) {
        gallery.figures().forEach(f -> sources.put(f.file(), links.to(f.file())));
      }
    }
    section.parts().forEach(part -> link(part, links, sources));
  }
}
