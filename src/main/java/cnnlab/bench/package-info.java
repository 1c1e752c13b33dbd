/** Measures the speed of all engines in one run, each in its own process. */
package cnnlab.bench;
