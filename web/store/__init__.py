"""One module per table: SQL constants beside the typed functions that run them."""
