package cnnlab.report;

import java.util.List;

/**
 * A report, independent of the output format.
 *
 * @param title its heading
 * @param lead a summary of one or two sentences
 * @param sections in order
 */
public record Document(String title, String lead, List<Section> sections) {}
