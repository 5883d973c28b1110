CREATE TABLE IF NOT EXISTS events (      -- ledger records, as the vehicle wrote them
    unit TEXT NOT NULL,
    ledger TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    shift TEXT,
    time REAL NOT NULL,                  -- POSIX seconds, as recorded
    body BLOB NOT NULL,                  -- canonical JSON: what is hashed
    hash BLOB NOT NULL,                  -- of the chain, after this record
    received REAL NOT NULL,
    PRIMARY KEY (unit, ledger, seq)
) STRICT;
CREATE INDEX IF NOT EXISTS events_of_shift ON events (shift, unit);
CREATE INDEX IF NOT EXISTS events_of_time ON events (unit, time);
CREATE TABLE IF NOT EXISTS heads (       -- the last record held of each ledger
    unit TEXT NOT NULL,
    ledger TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    duplicates INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (unit, ledger)
) STRICT;
CREATE TABLE IF NOT EXISTS documents (   -- the latest status and visits of each vehicle
    unit TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('status', 'visits')),
    body BLOB NOT NULL,
    received REAL NOT NULL,
    PRIMARY KEY (unit, kind)
) STRICT;
CREATE TABLE IF NOT EXISTS plans (
    district TEXT NOT NULL,
    shift TEXT NOT NULL,
    version INTEGER NOT NULL,
    role TEXT NOT NULL,
    reason TEXT NOT NULL,
    digest TEXT NOT NULL,
    body BLOB NOT NULL,                  -- the signed document, as sent
    stored REAL NOT NULL,
    published REAL,                      -- when the broker took it; NULL: it has not
    PRIMARY KEY (district, shift, version)
) STRICT;
CREATE TABLE IF NOT EXISTS contexts (
    number INTEGER PRIMARY KEY,
    role TEXT NOT NULL,
    reason TEXT NOT NULL,
    digest TEXT NOT NULL,
    body BLOB NOT NULL,                  -- the signed document, as sent
    stored REAL NOT NULL,
    published REAL                       -- when the broker took it; NULL: it has not, or it went another way
) STRICT;
CREATE TABLE IF NOT EXISTS findings (    -- what was refused, each once with how often
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    ledger TEXT NOT NULL,
    seq INTEGER NOT NULL,
    detail TEXT NOT NULL,
    body BLOB NOT NULL,                  -- the first one's bytes, cut to 4 kB
    times INTEGER NOT NULL,
    first REAL NOT NULL,
    last REAL NOT NULL,
    PRIMARY KEY (kind, unit, ledger, seq)
) STRICT;
PRAGMA user_version=2;
