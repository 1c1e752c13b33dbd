/**
 * The run directory and what is kept in it: status, lock, provenance, JSON, CSV, TensorBoard
 * events.
 */
package cnnlab.store;
