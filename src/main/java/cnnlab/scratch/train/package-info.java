/** Training from scratch: backpropagation, objectives, penalties, optimisers, schedules. */
package cnnlab.scratch.train;
