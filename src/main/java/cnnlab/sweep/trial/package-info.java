/** A single trial, who runs it, and the tasks that can be swept. */
package cnnlab.sweep.trial;
