/** The command line: commands and options, nothing else. What a command does is in other rooms. */
package cnnlab;
