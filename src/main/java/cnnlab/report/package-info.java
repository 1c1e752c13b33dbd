/** Reports: a document of sections and blocks, rendered as HTML and Markdown. */
package cnnlab.report;
