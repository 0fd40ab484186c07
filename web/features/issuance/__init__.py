"""I1–I7 利用者ID発行: for a newcomer by a mailed URL, for an operator on the command line or from a file."""
