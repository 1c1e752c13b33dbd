/**
 * Shared by tasks and sweeps: variants, claims, work lists, finished trainings, configuration
 * sections.
 */
package cnnlab.experiment;
