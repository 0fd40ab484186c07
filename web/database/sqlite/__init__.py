"""SQLite: one file, one process that serves from it. The default."""
