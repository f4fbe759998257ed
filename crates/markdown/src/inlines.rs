//! The first wall: what stands within a line.

use comrak::nodes::{Node, NodeLink, NodeValue};

use crate::depth::flat_text;
use crate::escape::{self, Place};
use crate::limits::TREE_DEPTH;
use crate::write::Writer;
use crate::{footnotes, html_text, images, links};

/// Writes one inline, `depth` levels below the root.
pub(crate) fn write(writer: &mut Writer, node: Node<'_>, depth: usize) {
    let place = if writer.in_link { Place::Exact } else { Place::Prose };
    if depth >= TREE_DEPTH && node.first_child().is_some() {
        escape::text(&mut writer.out, &flat_text(node), place);
        return;
    }
    match &node.data().value {
        NodeValue::Text(text) => escape::text(&mut writer.out, text, place),
        NodeValue::SoftBreak => writer.out.push('\n'),
        NodeValue::LineBreak => writer.out.push_str("<br>\n"),
        NodeValue::Code(code) => {
            writer.out.push_str("<code dir=\"ltr\">");
            escape::text(&mut writer.out, &code.literal, Place::Exact);
            writer.out.push_str("</code>");
        }
        NodeValue::HtmlInline(literal) => {
            html_text::inline(&mut writer.out, literal, writer.in_cell);
        }
        NodeValue::Emph => wrapped(writer, node, "em", depth),
        NodeValue::Strong => wrapped(writer, node, "strong", depth),
        NodeValue::Strikethrough => wrapped(writer, node, "del", depth),
        NodeValue::Link(link) => write_link(writer, node, link, depth),
        NodeValue::Image(image) => images::write(&mut writer.out, node, image, writer.in_link),
        NodeValue::FootnoteReference(reference) => {
            let (number, nth) = match &mut writer.notes {
                Some(notes) => notes.reference(&reference.name),
                None => (reference.ix, reference.ref_num),
            };
            footnotes::reference(writer, number, nth);
        }
        NodeValue::Math(math) => {
            if math.display_math {
                writer.out.push_str("<span class=\"math-block\" tabindex=\"0\">");
            }
            writer.math.write(&mut writer.out, &math.literal, math.display_math);
            if math.display_math {
                writer.out.push_str("</span>");
            }
        }
        // Extensions that are off, and whatever a later parser may add: its text, nothing else.
        _ => escape::text(&mut writer.out, &flat_text(node), place),
    }
}

fn wrapped(writer: &mut Writer, node: Node<'_>, element: &str, depth: usize) {
    writer.out.push('<');
    writer.out.push_str(element);
    writer.out.push('>');
    writer.inlines(node, depth);
    writer.out.push_str("</");
    writer.out.push_str(element);
    writer.out.push('>');
}

fn write_link(writer: &mut Writer, node: Node<'_>, link: &NodeLink, depth: usize) {
    if writer.in_link {
        writer.inlines(node, depth);
        return;
    }
    let close = if let Some(target) = links::target(&link.url) {
        links::open(&mut writer.out, &target, &link.title, None);
        "</a>"
    } else {
        links::open_unlinked(&mut writer.out, &link.url);
        "</span>"
    };
    writer.in_link = true;
    writer.inlines(node, depth);
    writer.in_link = false;
    writer.out.push_str(close);
}
