"""What the ledgers' records come to, as rows that reports read. Pure: records in, rows out; no database, no clock."""
