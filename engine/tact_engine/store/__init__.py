"""Where everything that must survive is kept: one SQLite database, one connection, one thread."""
