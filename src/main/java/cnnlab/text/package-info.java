/** Numbers, tables, Markdown and prose for people; why something failed, in a sentence. */
package cnnlab.text;
