/**
 * Strict configuration: YAML and {@code --set} into records, with errors that name the file, the
 * line and the key.
 */
package cnnlab.config;
