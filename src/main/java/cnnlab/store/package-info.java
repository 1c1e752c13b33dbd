/** The run directory and its contents: status, lock, provenance, JSON, CSV, TensorBoard events. */
package cnnlab.store;
