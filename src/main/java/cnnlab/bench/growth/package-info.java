/** How time and memory of the engine from scratch grow with the work. */
package cnnlab.bench.growth;
