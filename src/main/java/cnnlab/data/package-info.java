/**
 * Data sets as experiments use them: labelled images, splits, orders, batches, and the named random
 * streams of a run.
 */
package cnnlab.data;
