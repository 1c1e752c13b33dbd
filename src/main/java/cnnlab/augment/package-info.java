/**
 * Still empty. Pipelines of DataVec image transforms will live here, which turn 8-bit training
 * images into random variants of themselves, each from a named random stream.
 */
package cnnlab.augment;
