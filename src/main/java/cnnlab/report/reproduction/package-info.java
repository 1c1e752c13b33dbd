/**
 * The reproduction report: run directories in, one page out.
 *
 * <p>{@link cnnlab.report.reproduction.RunReader} reads what runs left behind, {@link
 * cnnlab.report.reproduction.LabClaims} holds every claim of the lab report against it, the classes
 * named Section make a {@link cnnlab.report.reproduction.Document} of both, and two renderers write
 * that document as HTML and as Markdown. No number of ours is written here: each comes from a file
 * of a run; those of the lab report are in {@link cnnlab.report.reproduction.LabReport}.
 */
package cnnlab.report.reproduction;
