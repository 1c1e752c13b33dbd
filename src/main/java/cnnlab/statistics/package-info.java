/**
 * Intervals of what few repeated runs say. Pure functions; they know nothing of runs or reports.
 */
package cnnlab.statistics;
