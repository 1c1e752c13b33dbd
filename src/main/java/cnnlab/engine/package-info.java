/**
 * One interface for both engines, DL4J and from scratch, and what they need: memory, threads, DL4J
 * settings that make it fast on a CPU.
 */
package cnnlab.engine;
