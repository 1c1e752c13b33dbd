/**
 * Layers, activations, preprocessors and schedules that DL4J lacks. Saved models contain the names
 * of these classes, so they must not be renamed.
 */
package cnnlab.model.layer;
