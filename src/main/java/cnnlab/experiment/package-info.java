/**
 * What tasks and sweeps share: variants, claims, lists of work, finished trainings, and
 * configuration sections.
 */
package cnnlab.experiment;
