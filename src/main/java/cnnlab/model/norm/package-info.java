/**
 * Group and layer normalisation, which DL4J lacks. Saved models contain the names of the classes.
 */
package cnnlab.model.norm;
