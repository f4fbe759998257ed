//! The first wall: the syntax tree to HTML, blocks. Only what is spelled out here can come out.

use std::mem;

use comrak::Arena;
use comrak::nodes::{Node, NodeValue};

use crate::code::{CodeWriter, plain_block};
use crate::depth::flat_text;
use crate::escape::{self, Place};
use crate::footnotes;
use crate::limits::{FILLED_CELLS, TREE_DEPTH};
use crate::math::MathWriter;
use crate::notes::Notes;
use crate::{Options, html_text, inlines, lists, parse, tables};

/// One message on its way out.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) out: String,
    pub(crate) id_prefix: String,
    pub(crate) code: CodeWriter,
    pub(crate) math: MathWriter,
    /// How many empty cells may still be written for rows that left them out.
    pub(crate) filled_cells_left: usize,
    pub(crate) in_link: bool,
    pub(crate) in_cell: bool,
    /// The notes of a message that is still being written, which are collected instead of written.
    pub(crate) notes: Option<Notes>,
    footnotes_open: bool,
    footnotes_written: u32,
}

/// Renders one message: the first wall alone.
pub(crate) fn write(markdown: &str, options: &Options<'_>) -> String {
    let arena = Arena::new();
    let root = parse::parse(&arena, markdown);
    let mut writer = Writer::new(options.safe_id_prefix());
    writer.out.reserve(markdown.len() * 2);
    writer.message(root);
    writer.out
}

impl Writer {
    /// Nothing yet.
    pub(crate) fn new(id_prefix: String) -> Self {
        Self {
            out: String::new(),
            id_prefix,
            code: CodeWriter::default(),
            math: MathWriter::default(),
            filled_cells_left: FILLED_CELLS,
            in_link: false,
            in_cell: false,
            notes: None,
            footnotes_open: false,
            footnotes_written: 0,
        }
    }

    /// Writes a whole message.
    pub(crate) fn message(&mut self, root: Node<'_>) {
        self.blocks(root, 0);
        if self.footnotes_open {
            footnotes::close_section(&mut self.out);
        }
    }

    /// Writes the blocks below `node`, which is itself `depth` levels below the root.
    pub(crate) fn blocks(&mut self, node: Node<'_>, depth: usize) {
        for child in node.children() {
            self.block(child, depth + 1);
        }
    }

    /// Writes one block, which is `depth` levels below the root.
    pub(crate) fn block(&mut self, node: Node<'_>, depth: usize) {
        if depth >= TREE_DEPTH && node.first_child().is_some() {
            self.out.push_str("<p class=\"too-deep\" dir=\"auto\">");
            escape::text(&mut self.out, flat_text(node).trim_end(), Place::Prose);
            self.out.push_str("</p>\n");
            return;
        }
        match &node.data().value {
            NodeValue::Paragraph => self.paragraph(node, depth),
            NodeValue::Heading(heading) => self.heading(node, heading.level, depth),
            NodeValue::BlockQuote => {
                self.out.push_str("<blockquote>\n");
                self.blocks(node, depth);
                self.out.push_str("</blockquote>\n");
            }
            NodeValue::List(list) => lists::list(self, node, list, depth),
            NodeValue::Item(_) => lists::item(self, node, None, depth),
            NodeValue::TaskItem(task) => {
                lists::item(self, node, Some(task.symbol.is_some()), depth);
            }
            NodeValue::CodeBlock(block) if block.fenced && is_math(&block.info) => {
                self.out.push_str("<div class=\"math-block\" tabindex=\"0\">");
                self.math.write(&mut self.out, &block.literal, true);
                self.out.push_str("</div>\n");
            }
            NodeValue::CodeBlock(block) => {
                self.code.write(&mut self.out, &block.info, &block.literal);
            }
            NodeValue::HtmlBlock(block) => html_text::block(&mut self.out, &block.literal),
            NodeValue::ThematicBreak => self.out.push_str("<hr>\n"),
            NodeValue::Table(table) => tables::write(self, node, table, depth),
            NodeValue::Alert(alert) => {
                let kind = alert_kind(alert.alert_type);
                self.out.push_str("<div class=\"alert alert-");
                self.out.push_str(kind);
                self.out.push_str("\" role=\"note\">\n<p class=\"alert-title\" dir=\"auto\">");
                let title = alert.title.as_deref().unwrap_or(alert.alert_type.default_title());
                escape::text(&mut self.out, title, Place::Prose);
                self.out.push_str("</p>\n");
                self.blocks(node, depth);
                self.out.push_str("</div>\n");
            }
            NodeValue::FootnoteDefinition(definition) if self.notes.is_some() => {
                let before = mem::take(&mut self.out);
                self.blocks(node, depth);
                let html = mem::replace(&mut self.out, before);
                if let Some(notes) = &mut self.notes {
                    notes.define(&definition.name, html);
                }
            }
            NodeValue::FootnoteDefinition(definition) => {
                if !self.footnotes_open {
                    footnotes::open_section(&mut self.out);
                    self.footnotes_open = true;
                }
                self.footnotes_written += 1;
                let number = self.footnotes_written;
                footnotes::definition(self, node, number, definition.total_references, depth);
            }
            // Extensions that are off, and whatever a later parser may add: its text, nothing else.
            _ => plain_block(&mut self.out, &flat_text(node)),
        }
    }

    fn paragraph(&mut self, node: Node<'_>, depth: usize) {
        let parent = node.parent();
        if parent.is_some_and(lists::is_tight_item) {
            self.inlines(node, depth);
            self.out.push('\n');
            return;
        }
        // The first paragraph of an item decides the item's direction, so it has none of its own.
        let of_item = parent.is_some_and(lists::is_item) && node.previous_sibling().is_none();
        self.out.push_str(if of_item { "<p>" } else { "<p dir=\"auto\">" });
        self.inlines(node, depth);
        self.out.push_str("</p>\n");
    }

    fn heading(&mut self, node: Node<'_>, level: u8, depth: usize) {
        let level = char::from(b'0' + level.clamp(1, 6));
        self.out.push_str("<h");
        self.out.push(level);
        self.out.push_str(" dir=\"auto\">");
        self.inlines(node, depth);
        self.out.push_str("</h");
        self.out.push(level);
        self.out.push_str(">\n");
    }

    /// Writes the inlines below `node`, which is itself `depth` levels below the root.
    pub(crate) fn inlines(&mut self, node: Node<'_>, depth: usize) {
        for child in node.children() {
            inlines::write(self, child, depth + 1);
        }
    }
}

/// Whether a fence with this info holds a formula.
pub(crate) fn is_math(info: &str) -> bool {
    info.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("math"))
}

fn alert_kind(kind: comrak::nodes::AlertType) -> &'static str {
    use comrak::nodes::AlertType;
    match kind {
        AlertType::Note => "note",
        AlertType::Tip => "tip",
        AlertType::Important => "important",
        AlertType::Warning => "warning",
        AlertType::Caution => "caution",
    }
}
