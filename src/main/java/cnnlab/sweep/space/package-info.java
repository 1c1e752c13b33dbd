/** Search spaces: axes, points, and how points are chosen. */
package cnnlab.sweep.space;
