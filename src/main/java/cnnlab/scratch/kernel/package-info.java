/**
 * The loops that take most of the time, twice: plain loops that anyone can check, and vector loops
 * that are tested against them.
 */
package cnnlab.scratch.kernel;
