/**
 * Two engines on the same images, layer by layer: differences, and the rounding bounds they are
 * held to.
 */
package cnnlab.crosscheck;
