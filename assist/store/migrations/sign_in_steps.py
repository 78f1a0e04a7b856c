"""Signing in: who waits after wrong passwords, known devices, second factors, identities of a company's own sign-in."""

from sqlite_utils import Database

from assist.store.migrations.steps import MIGRATIONS


@MIGRATIONS()
def m018_sign_in(db: Database) -> None:
    db.executescript(_TABLES)


_TABLES = """
    DROP TABLE sign_in_failures;
    CREATE TABLE sign_in_waits (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        who TEXT NOT NULL,
        login TEXT NOT NULL,
        address TEXT NOT NULL,
        level REAL NOT NULL,
        at TEXT NOT NULL,
        locked_until TEXT NOT NULL
    );
    CREATE INDEX sign_in_waits_until ON sign_in_waits(locked_until);
    CREATE INDEX sign_in_waits_at ON sign_in_waits(at);
    CREATE INDEX sign_in_waits_who ON sign_in_waits(who);
    CREATE TABLE devices (
        token_hash TEXT NOT NULL,
        user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
        expires_at TEXT NOT NULL,
        PRIMARY KEY (token_hash, user_id)
    ) WITHOUT ROWID;
    CREATE INDEX devices_user ON devices(user_id);
    CREATE INDEX devices_end ON devices(expires_at);
    CREATE TABLE second_factors (
        user_id INTEGER PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
        secret TEXT NOT NULL,
        begun_at TEXT NOT NULL,
        confirmed_at TEXT,
        last_step INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE recovery_codes (
        user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        code_hash TEXT NOT NULL,
        used_at TEXT,
        PRIMARY KEY (user_id, number)
    ) WITHOUT ROWID;
    CREATE TABLE second_factor_roles (role TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE sign_in_steps (
        token_hash TEXT PRIMARY KEY,
        user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
        expires_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX sign_in_steps_user ON sign_in_steps(user_id);
    CREATE TABLE identities (
        issuer TEXT NOT NULL,
        subject TEXT NOT NULL,
        user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
        linked_at TEXT NOT NULL,
        PRIMARY KEY (issuer, subject)
    ) WITHOUT ROWID;
    CREATE INDEX identities_user ON identities(user_id);
    CREATE TABLE identity_flows (
        state_hash TEXT PRIMARY KEY,
        browser_hash TEXT NOT NULL,
        nonce TEXT NOT NULL,
        verifier TEXT NOT NULL,
        purpose TEXT NOT NULL CHECK (purpose IN ('sign-in', 'link', 'confirm')),
        user_id INTEGER REFERENCES users(id) ON DELETE CASCADE,
        onward TEXT NOT NULL,
        expires_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX identity_flows_end ON identity_flows(expires_at);
    CREATE INDEX identity_flows_user ON identity_flows(user_id);
    ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
    ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
    ALTER TABLE sessions ADD COLUMN confirmed_at TEXT NOT NULL DEFAULT '';
    ALTER TABLE users ADD COLUMN first_password_until TEXT;
"""
