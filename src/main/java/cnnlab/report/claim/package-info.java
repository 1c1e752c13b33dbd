/**
 * The reproduction report: it reads recorded runs and gives a verdict on each claim of the lab
 * report.
 */
package cnnlab.report.claim;
