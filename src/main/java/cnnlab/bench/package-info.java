/** Speed of all engines in one run, each in a process of its own. */
package cnnlab.bench;
