"""The registry's tables. Must not be changed without a new version: an older program would read them wrongly."""

from typing import Final

VERSION: Final = 1

TABLES: Final = """
CREATE TABLE units (unit TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE tokens (
    digest TEXT PRIMARY KEY, unit TEXT NOT NULL, expires REAL NOT NULL, used REAL, voided REAL
) STRICT;
CREATE TABLE certificates (
    serial TEXT PRIMARY KEY, name TEXT NOT NULL, issuer INTEGER NOT NULL, starts REAL NOT NULL, ends REAL NOT NULL,
    public_key TEXT NOT NULL, pem TEXT NOT NULL, basis TEXT NOT NULL, revoked REAL
) STRICT;
CREATE INDEX certificates_by_name ON certificates (name);
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, utc REAL NOT NULL, what TEXT NOT NULL, name TEXT NOT NULL,
    source TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
CREATE TRIGGER audit_holds BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
"""
"""``tokens.digest``: SHA-256 of the token, which is nowhere else at headquarters. ``certificates.basis``: what it was
issued for: a token's digest, the serial of the certificate it renews, or ``admin``."""
