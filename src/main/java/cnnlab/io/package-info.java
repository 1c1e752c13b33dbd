/** Atomic file writing and checksums; every package may use this package. */
package cnnlab.io;
