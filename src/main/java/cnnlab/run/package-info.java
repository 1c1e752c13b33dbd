/** The life of a run: options, start, stop, resume, end; the origin of its results. */
package cnnlab.run;
