package cnnlab.report;

import java.util.List;

/**
 * A report before it is HTML or Markdown.
 *
 * @param title its heading
 * @param lead what it is, in a sentence or two
 * @param sections in order
 */
public record Document(String title, String lead, List<Section> sections) {}
