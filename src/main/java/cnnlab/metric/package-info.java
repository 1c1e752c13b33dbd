/** Metrics and statistics: accuracy, ROC curves, calibration, intervals, paired comparisons. */
package cnnlab.metric;
