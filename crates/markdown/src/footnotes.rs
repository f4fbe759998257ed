//! Footnotes. Their ids are numbers behind the caller's prefix: a footnote's name is the author's text.

use std::fmt::Write as _;

use comrak::nodes::Node;

use crate::limits::BACK_LINKS;
use crate::links::REL;
use crate::write::Writer;

/// Writes the mark in the text for the `nth` reference to footnote `number`, both from 1.
pub(crate) fn reference(writer: &mut Writer, number: u32, nth: u32) {
    let prefix = &writer.id_prefix;
    // Writing to a String can't fail.
    let _ = if writer.in_link {
        write!(writer.out, "<sup class=\"footnote-ref\">{number}</sup>")
    } else {
        write!(
            writer.out,
            "<sup class=\"footnote-ref\"><a id=\"{prefix}fnref-{number}-{nth}\" href=\"#{prefix}fn-{number}\" \
             rel=\"{REL}\">{number}</a></sup>",
        )
    };
}

/// Opens the notes at the end of the message.
pub(crate) fn open_section(out: &mut String) {
    out.push_str("<section class=\"footnotes\">\n<ol>\n");
}

/// Closes the notes.
pub(crate) fn close_section(out: &mut String) {
    out.push_str("</ol>\n</section>\n");
}

/// Writes one note with links back to where it is mentioned.
pub(crate) fn definition(writer: &mut Writer, node: Node<'_>, number: u32, references: u32, depth: usize) {
    open_note(&mut writer.out, &writer.id_prefix, number);
    writer.blocks(node, depth);
    close_note(&mut writer.out, &writer.id_prefix, number, references);
}

/// Opens one note.
pub(crate) fn open_note(out: &mut String, prefix: &str, number: u32) {
    // Writing to a String can't fail.
    let _ = writeln!(out, "<li id=\"{prefix}fn-{number}\" dir=\"auto\">");
}

/// Closes one note with links back to where it is mentioned.
pub(crate) fn close_note(out: &mut String, prefix: &str, number: u32, references: u32) {
    out.push_str("<p class=\"footnote-back\">");
    for nth in 1..=references.min(BACK_LINKS) {
        let _ = write!(out, "<a href=\"#{prefix}fnref-{number}-{nth}\" aria-label=\"Back to reference {number}\" rel=\"{REL}\">↩</a> ");
    }
    out.push_str("</p>\n</li>\n");
}
