"""What the vehicle keeps: the ledger (SQLite), small documents (TinyDB), breadcrumbs."""
