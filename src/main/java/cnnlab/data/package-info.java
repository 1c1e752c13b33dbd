/**
 * Data sets as they lie on disk and as experiments see them: finding and verifying them, reading
 * IDX and {@code .npy} files, splitting, normalising, and the named random streams of a run.
 */
package cnnlab.data;
