/**
 * What earlier runs left: find, list, compare and remove them, or copy them to an MLflow server.
 * Reads the run directories that {@code report} writes; knows no experiment but by the shape of its
 * result file.
 */
package cnnlab.runs;
