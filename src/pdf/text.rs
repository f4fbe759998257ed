//! From a file to its text, page by page.

use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use unicode_normalization::UnicodeNormalization;

use super::lines::Lines;
use super::{Extent, MAX_PAGES, MAX_TEXT_BYTES, Refusal, Text};

/// The text of a file.
///
/// # Errors
/// Why there is none.
pub fn of(bytes: &[u8]) -> Result<Text, Refusal> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Refusal::Locked,
        LoadPdfError::Invalid => Refusal::Damaged,
    })?;
    let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    let pages = pdf.pages();
    match pages.len() {
        0 => return Err(Refusal::NoPages),
        many if many > MAX_PAGES => return Err(Refusal::TooManyPages { pages: count(many) }),
        _ => (),
    }
    let cache = InterpreterCache::new();
    let (mut text, mut blank) = (String::new(), 0);
    for page in pages.iter() {
        let page = words_of(&pdf, page, &cache)?;
        if page.is_empty() {
            blank += 1;
            continue;
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&page);
        if text.len() > MAX_TEXT_BYTES {
            return Err(Refusal::TooMuchText);
        }
    }
    if text.is_empty() {
        return Err(Refusal::NoText { pages: count(pages.len()) });
    }
    let extent = Extent { pages: count(pages.len()), blank, words: count(words_in(&text)) };
    Ok(Text { text, extent })
}

/// The words of a page; empty if it has none that can be understood.
fn words_of<'a>(pdf: &'a Pdf, page: &Page<'a>, cache: &InterpreterCache<'a>) -> Result<String, Refusal> {
    let mut lines = Lines::default();
    let mut context = Context::new(Affine::IDENTITY, Rect::new(0.0, 0.0, 1.0, 1.0), cache, pdf.xref(), InterpreterSettings::default());
    interpret_page(page, &mut context, &mut lines);
    let (unknown, text) = lines.finish()?;
    // Fonts that don't say which letters their signs stand for: what is left are crumbs.
    let known = text.chars().filter(|c| c.is_alphanumeric()).count();
    Ok(if known == 0 || unknown > known { String::new() } else { text.trim().nfc().collect() })
}

/// Words, and in scripts that don't part them by spaces, characters.
fn words_in(text: &str) -> usize {
    text.split_whitespace().map(|word| word.chars().filter(|c| is_word(*c)).count().max(1)).sum()
}

/// Whether this character is written without a space before and after it.
fn is_word(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_every_script() {
        assert_eq!(words_in("How long does green tea steep?"), 6);
        assert_eq!(words_in("日本語です。"), 5);
        assert_eq!(words_in(""), 0);
    }
}
