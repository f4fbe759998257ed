//! The text of a PDF. Such a file is hostile and its format vast, so the server never reads one itself: [`Reader`] starts
//! this same program once more, as [`child`], which is given the bytes and nothing else, limits itself for good before it
//! looks at them, and answers in one line. Whatever goes wrong in there, the server reads an answer or none.

pub mod child;
pub mod lines;
pub mod reader;
pub mod text;

use serde::{Deserialize, Serialize};

use crate::pages::view::Count;

pub use reader::Reader;

/// The largest file.
pub const MAX_BYTES: usize = 10 << 20;
/// The most pages.
pub const MAX_PAGES: usize = 2_000;
/// The longest text, in bytes.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// Whether these bytes are a PDF's. A few bytes may stand before its mark, as programs that show PDFs allow too.
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1_024)].windows(5).any(|five| five == b"%PDF-")
}

/// What a PDF says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The text of its pages, in their order.
    pub text: String,
    /// How much that is.
    pub extent: Extent,
}

/// How much a PDF says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// All of its pages.
    pub pages: u32,
    /// Those of them in which no text was found.
    pub blank: u32,
    /// Words; in scripts without spaces, characters.
    pub words: u32,
}

/// Why there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// It opens with a password alone.
    Locked,
    /// Its pages are pictures.
    NoText {
        /// How many.
        pages: u32,
    },
    /// It has no pages, or none of them can be found.
    NoPages,
    /// More than [`MAX_PAGES`].
    TooManyPages {
        /// How many.
        pages: u32,
    },
    /// More text than [`MAX_TEXT_BYTES`].
    TooMuchText,
    /// It is no PDF that can be understood.
    Damaged,
    /// It took more time or memory than it may.
    TooHard,
}

impl Refusal {
    /// What is wrong with the file and what to do about it, in whole sentences.
    pub fn words(self, name: &str) -> String {
        match self {
            Self::Locked => format!("“{name}” is protected with a password. Save a copy without one, and choose that."),
            Self::NoText { pages: 1 } => {
                format!("“{name}” has a page but no text in it, as scans do. Put it through text recognition (OCR), and choose the result.")
            }
            Self::NoText { pages } => format!(
                "“{name}” has {} pages but no text in them, as scans do. Put it through text recognition (OCR), and choose the result.",
                Count(i64::from(pages))
            ),
            Self::NoPages => {
                format!("No page is found in “{name}”. Open it in a program that shows PDFs, save it anew, and choose the new file.")
            }
            Self::TooManyPages { pages } => {
                format!("“{name}” has {} pages, and 2,000 can be read. Choose a part of it.", Count(i64::from(pages)))
            }
            Self::TooMuchText => format!("“{name}” holds more than 1 MB of text. Choose a part of it."),
            Self::Damaged => {
                format!("“{name}” is a damaged PDF. Open it in a program that shows PDFs, save it anew, and choose the new file.")
            }
            Self::TooHard => format!("“{name}” takes too much time or memory to read. Save it as text, and choose that file."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_is_known_by_its_bytes() {
        assert!(is_pdf(b"%PDF-1.7\n"));
        assert!(is_pdf(b"\r\n%PDF-1.4\n"));
        assert!(!is_pdf(b"%PDF") && !is_pdf(b"") && !is_pdf(b"A text about %PDF"));
        assert!(!is_pdf(&[&vec![b' '; 2_000], &b"%PDF-1.7"[..]].concat()));
    }
}
