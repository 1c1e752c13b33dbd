/** Text for people: numbers, tables, Markdown, wrapped text, and reasons for failures. */
package cnnlab.text;
