"""Headquarters' pages: Flask, drawn on the server; no script, nothing fetched from elsewhere."""
