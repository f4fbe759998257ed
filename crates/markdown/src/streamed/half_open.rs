//! The end of a text that is still being written, as if what stands open there were closed: `**bol` is shown bold, an
//! address that is half there is not shown. Only the rendering for show is made of it, so a wrong guess lasts until the
//! next words.

use comrak::nodes::{Node, NodeValue};

use super::lines;
use super::marks::Marks;
use crate::limits::HALF_OPEN_BYTES;

/// The text to show instead of `text`, whose parse is `root`; `None` if nothing stands open. `formula` is what was
/// last shown of an open formula.
pub(super) fn closed(text: &str, root: Node<'_>, first_line: usize, formula: &mut String) -> Option<String> {
    let leaf = last_leaf(root)?;
    let begin = {
        let data = leaf.data();
        let in_line = text.ends_with(['\n', '\r']);
        match &data.value {
            NodeValue::Paragraph if !ends_blank(text) => {}
            NodeValue::Heading(heading) if !heading.setext && !in_line => {}
            NodeValue::TableCell if !in_line => {}
            _ => return None,
        }
        let start = data.sourcepos.start;
        let line = start.line.checked_sub(first_line)?;
        let line_begin = lines::beginnings(text).get(line).copied()?;
        if matches!(data.value, NodeValue::TableCell) { cell_begin(text) } else { line_begin + start.column.checked_sub(1)? }
    };
    let inside = text.get(begin..)?.trim_end();
    if inside.len() > HALF_OPEN_BYTES {
        return None;
    }
    let end = begin + inside.len();
    let edited = Marks::of(inside).closed(formula);
    let is_paragraph = matches!(leaf.data().value, NodeValue::Paragraph);
    let mut shown = match edited {
        Some(inside) => format!("{}{inside}", &text[..begin]),
        None if is_paragraph => text[..end].to_owned(),
        None => return None,
    };
    let edited = shown.len() != end || !text.starts_with(&shown);
    let is_head = is_paragraph && add_table(&mut shown);
    (edited || is_head).then_some(shown)
}

/// The last block that holds words.
fn last_leaf(root: Node<'_>) -> Option<Node<'_>> {
    let mut leaf = root.last_child()?;
    while let Some(child) = leaf.last_child() {
        if !child.data().value.block() {
            break;
        }
        leaf = child;
    }
    Some(leaf)
}

fn ends_blank(text: &str) -> bool {
    let last = text.trim_end_matches([' ', '\t']);
    let Some(before) = last.strip_suffix('\n') else {
        return false;
    };
    before.strip_suffix('\r').unwrap_or(before).trim_end_matches([' ', '\t', '>']).ends_with('\n')
}

/// Where the last cell of a row begins.
fn cell_begin(text: &str) -> usize {
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let row = &text[line..];
    row.match_indices('|').rfind(|(at, _)| !row[..*at].ends_with('\\')).map_or(line, |(at, _)| line + at + 1)
}

/// A row at the end of a paragraph is most likely the head of a table: adds what makes it one.
fn add_table(text: &mut String) -> bool {
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let row = &text[line..];
    let begin = row.len() - row.trim_start_matches([' ', '\t', '>']).len();
    let (before, row) = row.split_at(begin);
    let bars = row.match_indices('|').filter(|(at, _)| !row[..*at].ends_with('\\')).count();
    if !row.starts_with('|') || row.trim_end().len() < 2 {
        return false;
    }
    let is_whole = row.trim_end().ends_with('|') && !row.trim_end().ends_with("\\|");
    let columns = if is_whole { bars - 1 } else { bars };
    let between = format!("{}\n{before}|{}", if is_whole { "" } else { " |" }, "---|".repeat(columns));
    text.push_str(&between);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_tables() {
        for (text, table) in [("| a | b |", "| a | b |\n|---|---|"), ("| a | b", "| a | b |\n|---|---|"), ("> | a", "> | a |\n> |---|")] {
            let mut text = text.to_owned();
            assert!(add_table(&mut text));
            assert_eq!(text, table);
        }
        assert!(!add_table(&mut "a | b".to_owned()));
    }
}
