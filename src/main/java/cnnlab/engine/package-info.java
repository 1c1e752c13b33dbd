/**
 * One interface for both engines, DL4J and from scratch, with their memory estimates and the DL4J
 * settings that make it fast on a CPU.
 */
package cnnlab.engine;
