/** The life of a run: options, start, stop, resume, end; what its results depend on. */
package cnnlab.run;
