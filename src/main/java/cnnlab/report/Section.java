package cnnlab.report;

import java.util.List;

/**
 * A section of a document.
 *
 * @param id its id in links; stable for the same runs
 * @param title its heading
 * @param blocks its content
 * @param parts its subsections, at most one level
 */
public record Section(String id, String title, List<Block> blocks, List<Section> parts) {}
