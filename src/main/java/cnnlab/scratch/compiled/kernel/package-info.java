/** The loops of compiled networks, twice: plain ones, and those on vectors. */
package cnnlab.scratch.compiled.kernel;
