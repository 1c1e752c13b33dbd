/** Model files: DL4J zips, read without Java deserialisation, and written. */
package cnnlab.model.file;
