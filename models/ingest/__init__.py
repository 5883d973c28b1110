"""The importer: an agency's export, by a mapping file, becomes ``incidents.parquet``: places, never people."""
