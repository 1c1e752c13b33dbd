/** Activations, preprocessors and schedules that DL4J lacks. Their names stand in saved models. */
package cnnlab.model.layer;
