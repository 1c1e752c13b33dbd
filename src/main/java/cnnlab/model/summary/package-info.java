/** What a model consists of: its layers as a table and as a diagram. */
package cnnlab.model.summary;
