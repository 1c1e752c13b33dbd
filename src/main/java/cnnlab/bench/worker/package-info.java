/**
 * The processes that measure: one for each engine and number of threads, asked line by line. The
 * other libraries are found by the service loader.
 */
package cnnlab.bench.worker;
