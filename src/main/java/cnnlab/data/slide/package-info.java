/** Which patches come from one slide: estimated from overlaps and staining. */
package cnnlab.data.slide;
