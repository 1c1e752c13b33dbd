/** Reads and writes model files: DL4J zips, read without Java deserialisation. */
package cnnlab.model.file;
