//! Every difference between SQLite and PostgreSQL, in one place.

use sqlx::error::ErrorKind;

/// Which database this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// One file, one server.
    Sqlite,
    /// Any server that speaks PostgreSQL's protocol.
    Postgres,
}

impl Dialect {
    /// The dialect that a database URL names, or `None`.
    pub fn of_url(url: &str) -> Option<Self> {
        if url.starts_with("sqlite:") {
            Some(Self::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Some(Self::Postgres)
        } else {
            None
        }
    }

    /// What a migration's portable SQL becomes here.
    pub fn schema(self, sql: &str) -> String {
        match self {
            Self::Sqlite => sql.replace("BYTES", "BLOB"),
            // "C" collation: text sorts by code point as on SQLite, and keyset cursors mean the same on both.
            Self::Postgres => sql.replace("BYTES", "BYTEA").replace(" TEXT", " TEXT COLLATE \"C\""),
        }
    }

    /// Said to every new connection. NORMAL: an acknowledged delete survives a power cut since [`super::log`] syncs.
    /// `secure_delete`: what was erased is overwritten, so the clean-up leaves no words in free pages.
    pub fn greeting(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; \
                 PRAGMA busy_timeout = 10000; PRAGMA secure_delete = ON; PRAGMA cache_size = -8000; \
                 PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;",
            ),
            Self::Postgres => None,
        }
    }

    /// How a write begins. SQLite must take the write lock at once: a deferred transaction that reads first fails
    /// under load without waiting for the busy timeout. PostgreSQL, whatever its default is: who waited for a row then reads
    /// what the one before them left, and not what was there when they began.
    pub fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    /// Empties the write-ahead log into the database file, so that erased words are not in it either. Its first column
    /// says 1 if a reader was in the way.
    pub fn compact(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("PRAGMA wal_checkpoint(TRUNCATE)"),
            Self::Postgres => None,
        }
    }

    /// A number that changes when another connection commits; asking costs far less than a read. `None`: there is
    /// no such number, read again.
    pub fn version_query(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("PRAGMA data_version"),
            Self::Postgres => None,
        }
    }
}

/// Whether the same transaction may succeed when it is tried again: a serialization failure or a deadlock
/// (SQLSTATE 40001, 40P01), or SQLite's busy answers (codes 5 and 517).
pub fn may_retry(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| matches!(code.as_str(), "40001" | "40P01" | "5" | "517"))
}

/// Whether the store has no room left: SQLite's `SQLITE_FULL` (13) and disk I/O errors on write (778), PostgreSQL's
/// class 53 "disk full".
pub fn is_full(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| matches!(code.as_str(), "13" | "778" | "53100"))
}

/// Whether a unique key was already taken.
pub fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|e| matches!(e.kind(), ErrorKind::UniqueViolation))
}

/// Whether a table could not be made because another connection was making it at the same moment (PostgreSQL's
/// `unique_violation` in its catalogue, `duplicate_object`, `duplicate_table`). It is there when this is said.
pub fn is_made_already(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| matches!(code.as_str(), "23505" | "42710" | "42P07"))
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).map(std::borrow::Cow::into_owned)
}
