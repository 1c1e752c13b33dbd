package cnnlab.report;

import cnnlab.store.TrialMark;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A part of a section, the same for HTML and Markdown. All texts are plain text. */
public sealed interface Block
    permits Block.Paragraph, Block.Note, Block.Facts, Block.Gallery, Block.Code, Table {

  /** A paragraph. */
  record Paragraph(String text) implements Block {}

  /** What a reader must not miss: a run that did not finish, a file that cannot be read. */
  record Note(String text) implements Block {}

  /** Terms with their values. */
  record Facts(List<Fact> list) implements Block {}

  /**
   * @param term the term
   * @param value what is known of it
   */
  record Fact(String term, Cell value) {
    public static Fact of(String term, String value) {
      return new Fact(term, Cell.text(value));
    }
  }

  /** Pictures side by side where there is room. */
  record Gallery(List<Figure> figures) implements Block {}

  /** How a dark page shows a picture. */
  enum Look {
    /** On white ground: light and dark are turned round. */
    CHART,
    /** Without a ground of its own, in colours that can be read on any. */
    CLEAR,
    /** On white ground, with photographs: as it is, but less bright. */
    PHOTOGRAPH;

    /** Its class in the page. */
    String style() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A picture.
   *
   * @param file the PNG
   * @param caption what it shows; also said to readers who do not see it
   * @param look how a dark page shows it
   * @param width in pixels
   * @param height in pixels
   */
  record Figure(Path file, String caption, Look look, int width, int height) {
    /** The same with the mark of a trial before its caption, where there is one. */
    public Figure marked(String mark) {
      return new Figure(file, TrialMark.title(mark, caption), look, width, height);
    }
  }

  /** Lines to type into a terminal. */
  record Code(String text) implements Block {}
}
