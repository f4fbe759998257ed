//! Files that an assistant knows: their text stands in the model's context, whole files in their order, as far as they fit
//! into half of its window. The editor is told which ones don't.

use super::store::{self, FileRow};
use super::version::Version;
use crate::answers::context::tokens;
use crate::error::Error;
use crate::storage::Tx;

/// What a file of this many bytes takes, with the line that names it.
const NAMED: usize = 20;

/// Tokens that instructions and knowledge may take together, of a window of this size.
pub fn room(context_tokens: u32) -> usize {
    usize::try_from(context_tokens / 2).unwrap_or(usize::MAX)
}

/// Which of these files the model reads: one that doesn't fit is left out, and smaller ones behind it may still fit.
pub fn fitting(files: &[FileRow], instructions: &str, context_tokens: u32) -> Vec<bool> {
    let mut room = room(context_tokens).saturating_sub(tokens(instructions));
    let mut fits = |file: &FileRow| {
        let cost = usize::try_from(file.size).unwrap_or(usize::MAX).saturating_mul(2) / 7 + NAMED;
        let fits = cost <= room;
        room -= if fits { cost } else { 0 };
        fits
    };
    files.iter().map(&mut fits).collect()
}

/// The files of a version, in its order. Whoever calls this has loaded the assistant through who asks.
pub async fn of(tx: &mut Tx, assistant_id: &str, version: &Version) -> Result<Vec<FileRow>, Error> {
    let known = store::knowledge(tx, assistant_id).await?;
    Ok(version.body.knowledge.iter().filter_map(|id| known.iter().find(|file| file.id == *id).cloned()).collect())
}

/// What the model is told before every conversation: the instructions, and the knowledge that fits into its window.
pub async fn told(tx: &mut Tx, assistant_id: &str, version: &Version, context_tokens: u32) -> Result<String, Error> {
    let files = of(tx, assistant_id, version).await?;
    let mut told = version.body.instructions.clone();
    for (file, fits) in files.iter().zip(fitting(&files, &version.body.instructions, context_tokens)) {
        let Some((_, bytes)) = (if fits { store::file(tx, assistant_id, "knowledge", &file.id).await? } else { None }) else { continue };
        if !told.is_empty() {
            told.push_str("\n\n");
        }
        told.extend([&format!("Your file {:?}:\n\n", file.name), &*String::from_utf8_lossy(&bytes)]);
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(size: i64) -> FileRow {
        FileRow { id: String::new(), name: String::new(), size, pages: None, blank_pages: None, words: None }
    }

    #[test]
    fn a_file_that_does_not_fit_is_left_out_whole_and_smaller_ones_behind_it_stay() {
        assert_eq!(fitting(&[file(700), file(70_000), file(700)], "Be brief.", 2_000), [true, false, true]);
        assert_eq!(fitting(&[file(700)], &"word ".repeat(1_000), 2_000), [false], "instructions come first");
        assert_eq!(fitting(&[], "", 0), [false; 0]);
    }
}
