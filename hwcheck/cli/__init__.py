"""The command line: one file a command, and one border where errors become text and an exit code."""
