/** Trials, the executors that run them, and the tasks that can be swept. */
package cnnlab.sweep.trial;
