/**
 * The loops that take the time, twice: plain loops that anyone can check, and vector loops held to
 * them.
 */
package cnnlab.scratch.kernel;
