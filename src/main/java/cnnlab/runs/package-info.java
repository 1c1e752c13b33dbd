/**
 * What earlier runs left: find, list, compare and remove them. Reads the run directories that
 * {@code report} writes; knows no experiment but by the shape of its result file.
 */
package cnnlab.runs;
