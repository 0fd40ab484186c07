"""PostgreSQL: any number of processes that serve from one database."""
