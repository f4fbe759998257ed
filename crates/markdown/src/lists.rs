//! Lists and task lists.

use std::fmt::Write as _;

use comrak::nodes::{ListType, Node, NodeList, NodeValue};

use crate::write::Writer;

/// Writes a list, `depth` levels below the root.
pub(crate) fn list(writer: &mut Writer, node: Node<'_>, list: &NodeList, depth: usize) {
    let element = match list.list_type {
        ListType::Bullet => "ul",
        ListType::Ordered => "ol",
    };
    writer.out.push('<');
    writer.out.push_str(element);
    if node.children().any(|child| matches!(child.data().value, NodeValue::TaskItem(_))) {
        writer.out.push_str(" class=\"tasks\"");
    }
    if list.list_type == ListType::Ordered && list.start != 1 {
        // Writing to a String can't fail.
        let _ = write!(writer.out, " start=\"{}\"", list.start);
    }
    writer.out.push_str(">\n");
    writer.blocks(node, depth);
    writer.out.push_str("</");
    writer.out.push_str(element);
    writer.out.push_str(">\n");
}

/// Writes an item; `done` is set for a task. The box has a name of its own, since the text beside it is no label:
/// it may contain links, and nobody can tick it.
pub(crate) fn item(writer: &mut Writer, node: Node<'_>, done: Option<bool>, depth: usize) {
    writer.out.push_str(match done {
        None => "<li dir=\"auto\">",
        Some(false) => "<li class=\"task\" dir=\"auto\"><input type=\"checkbox\" disabled=\"\" aria-label=\"not done\"> ",
        Some(true) => "<li class=\"task\" dir=\"auto\"><input type=\"checkbox\" checked=\"\" disabled=\"\" aria-label=\"done\"> ",
    });
    writer.blocks(node, depth);
    writer.out.push_str("</li>\n");
}

/// Whether `node` is an item of a list.
pub(crate) fn is_item(node: Node<'_>) -> bool {
    matches!(node.data().value, NodeValue::Item(_) | NodeValue::TaskItem(_))
}

/// Whether `node` is an item of a list whose paragraphs are written without `<p>`.
pub(crate) fn is_tight_item(node: Node<'_>) -> bool {
    is_item(node) && node.parent().is_some_and(|list| matches!(&list.data().value, NodeValue::List(list) if list.tight))
}
