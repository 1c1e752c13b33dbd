/**
 * Compares both engines on the same images, layer by layer, and checks the differences against
 * rounding bounds.
 */
package cnnlab.crosscheck;
