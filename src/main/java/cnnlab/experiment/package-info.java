/**
 * The experiments: one short class each, its configuration record, its result record and what it
 * writes; strict configuration from YAML and {@code --set}; how a run starts, ends and fails.
 */
package cnnlab.experiment;
