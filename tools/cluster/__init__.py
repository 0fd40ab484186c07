"""PostgreSQL with a synchronous standby, two nodes and nginx on one machine, without containers."""
