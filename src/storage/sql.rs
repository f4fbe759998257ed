//! Small pieces of SQL text that queries are put together from.

use std::fmt::Write;

use sqlx::any::AnyQueryResult;

use crate::error::Error;

/// `$first, $first+1, …` for `count` values: the inside of an `IN (…)`.
pub fn placeholders(first: usize, count: usize) -> String {
    let mut text = String::new();
    for at in first..first + count {
        let _ = write!(text, "{}${at}", if at == first { "" } else { ", " });
    }
    text
}

/// `($1, $2), ($3, $4), …`: the values of an insert of `rows` rows with `columns` columns each.
pub fn rows(rows: usize, columns: usize) -> String {
    (0..rows).map(|row| format!("({})", placeholders(row * columns + 1, columns))).collect::<Vec<_>>().join(", ")
}

/// A `LIKE` pattern that finds `words` anywhere, taken literally with `ESCAPE '\'`. Compare with a lower-case column.
pub fn contains(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Requires that an update or delete touched exactly one row.
///
/// # Errors
/// [`Error::NotFound`] otherwise: what it was meant for is gone, or another's.
pub fn one_row(done: &AnyQueryResult) -> Result<(), Error> {
    if done.rows_affected() == 1 { Ok(()) } else { Err(Error::NotFound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_number_their_placeholders_through() {
        assert_eq!(rows(2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(placeholders(4, 1), "$4");
    }

    #[test]
    fn a_search_for_a_wildcard_finds_the_character() {
        assert_eq!(contains("50%_Off"), "%50\\%\\_off%");
    }
}
