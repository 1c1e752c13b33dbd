/** The networks that are measured: those of the experiments, and model files. */
package cnnlab.bench.model;
