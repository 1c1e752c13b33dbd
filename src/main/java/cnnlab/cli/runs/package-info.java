/** {@code cnnlab runs}: listing, comparing, plotting and removing earlier runs. */
package cnnlab.cli.runs;
