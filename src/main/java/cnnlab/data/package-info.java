/**
 * Data sets as experiments see them: images with labels, splits, orders, batches, and the named
 * random streams of a run.
 */
package cnnlab.data;
