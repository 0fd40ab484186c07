"""Making accounts: by hand on the command line, in bulk from a file."""
