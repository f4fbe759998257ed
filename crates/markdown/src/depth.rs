//! What is too deep in the syntax tree, as text.

use comrak::nodes::{Node, NodeValue};

/// The text of a node and of all below it, blocks and lines on lines of their own. Does not recurse.
pub(crate) fn flat_text(node: Node<'_>) -> String {
    let mut text = String::new();
    for below in node.descendants() {
        let data = below.data();
        if data.value.block() && !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        match &data.value {
            NodeValue::Text(literal) => text.push_str(literal),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::HtmlInline(literal) => text.push_str(literal),
            NodeValue::CodeBlock(block) => text.push_str(&block.literal),
            NodeValue::HtmlBlock(block) => text.push_str(&block.literal),
            NodeValue::Math(math) => text.push_str(&math.literal),
            NodeValue::SoftBreak => text.push(' '),
            NodeValue::LineBreak => text.push('\n'),
            _ => {}
        }
    }
    text
}
