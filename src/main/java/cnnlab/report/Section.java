package cnnlab.report;

import java.util.List;

/**
 * A part of the document.
 *
 * @param id names it in links; the same whenever the same runs are shown
 * @param title its heading
 * @param blocks what stands in it
 * @param parts its sections, at most one level of them
 */
public record Section(String id, String title, List<Block> blocks, List<Section> parts) {}
