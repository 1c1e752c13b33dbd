/**
 * The report of reproduction: recorded runs read back, the claims of the lab report, and a verdict
 * on each.
 */
package cnnlab.report.claim;
