/** Finished runs: finding, listing, comparing and deleting them. */
package cnnlab.run.history;
