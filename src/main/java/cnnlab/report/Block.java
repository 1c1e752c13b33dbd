package cnnlab.report;

import cnnlab.store.TrialMark;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A block of a section, independent of the output format (HTML or Markdown). All texts are plain
 * text.
 */
public sealed interface Block
    permits Block.Paragraph, Block.Note, Block.Facts, Block.Gallery, Block.Code, Table {

  /** A paragraph. */
  record Paragraph(String text) implements Block {}

  /** An important note: an unfinished run, a file that cannot be read. */
  record Note(String text) implements Block {}

  /** Terms with their values. */
  record Facts(List<Fact> list) implements Block {}

  /**
   * @param term the term
   * @param value its value
   */
  record Fact(String term, Cell value) {
    public static Fact of(String term, String value) {
      return new Fact(term, Cell.text(value));
    }
  }

  /** Pictures side by side, if there is room. */
  record Gallery(List<Figure> figures) implements Block {}

  /** How a page in dark mode shows a picture. */
  enum Look {
    /** A chart on a white background, which is inverted. */
    CHART,
    /** A picture with a transparent background, in colours that are readable on any background. */
    CLEAR,
    /** Photographs on a white background, which are dimmed but not inverted. */
    PHOTOGRAPH;

    /** Its CSS class. */
    String style() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A picture.
   *
   * @param file the PNG
   * @param caption a description of the picture, also used as its text alternative
   * @param look how a page in dark mode shows it
   * @param width in pixels
   * @param height in pixels
   */
  record Figure(Path file, String caption, Look look, int width, int height) {
    /** The same with the mark of a trial run, if any, before its caption. */
    public Figure marked(String mark) {
      return new Figure(file, TrialMark.title(mark, caption), look, width, height);
    }
  }

  /** Commands for a terminal. */
  record Code(String text) implements Block {}
}
