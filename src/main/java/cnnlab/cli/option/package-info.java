/**
 * What commands share: option groups, exit codes and error messages, verbosity, help for
 * configuration keys.
 */
package cnnlab.cli.option;
