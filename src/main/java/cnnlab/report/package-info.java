/**
 * What a run leaves behind: run directory, tables, plots, provenance, progress lines.
 *
 * <p>Records in, files out. Nothing here knows an engine, a model or a data set, so that a result
 * can be written the same way whatever computed it.
 */
package cnnlab.report;
