//! katex's tree of MathML to text. Written here and not by katex, so that only known elements and attributes come
//! out, in one order, and browsers that know MathML Core alone show what is meant.

use std::fmt::Write as _;

use katex::mathml_tree::{MathDomNode, MathNode, MathNodeType};

use super::alphabets::styled;
use super::attributes::{MATH_ATTRIBUTES, MATH_ELEMENTS, is_math_value};
use crate::escape::{self, Place};

/// Appends the tree; `false` if it holds what a formula may not hold.
pub(super) fn write(out: &mut String, math: &MathNode) -> bool {
    write_element(out, math, None)
}

/// Writes an element; `alignment` is the class of a cell, from its table.
fn write_element(out: &mut String, node: &MathNode, alignment: Option<&str>) -> bool {
    let name = node.node_type.as_ref();
    if !MATH_ELEMENTS.contains(&name) {
        return false;
    }
    out.push('<');
    out.push_str(name);
    if let Some(alignment) = alignment {
        // Writing to a String can't fail.
        let _ = write!(out, " class=\"{alignment}\"");
    }
    let mut attributes: Vec<_> = node
        .attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, value)| is_written(name, value))
        .collect();
    attributes.sort_unstable();
    for (name, value) in attributes {
        let _ = write!(out, " {name}=\"{value}\"");
    }
    out.push('>');
    let variant = node.attributes.get("mathvariant").map(String::as_str);
    let columns: Vec<&str> = match (node.node_type, node.attributes.get("columnalign")) {
        (MathNodeType::Mtable, Some(columns)) => columns.split_ascii_whitespace().collect(),
        _ => Vec::new(),
    };
    for child in &node.children {
        if !write_node(out, child, variant, &columns) {
            return false;
        }
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
    true
}

fn write_node(out: &mut String, node: &MathDomNode, variant: Option<&str>, columns: &[&str]) -> bool {
    match node {
        MathDomNode::Math(row) if row.node_type == MathNodeType::Mtr && !columns.is_empty() => write_row(out, row, columns),
        MathDomNode::Math(math) => write_element(out, math, None),
        MathDomNode::Text(text) => {
            escape::text(out, &styled(&text.text, variant), Place::Prose);
            true
        }
        MathDomNode::Space(space) => {
            if let Some(character) = &space.character {
                out.push_str("<mtext>");
                escape::text(out, character, Place::Prose);
                out.push_str("</mtext>");
            } else if space.width.is_finite() {
                let _ = write!(out, "<mspace width=\"{:.4}em\"></mspace>", space.width);
            }
            true
        }
        MathDomNode::Fragment(fragment) => fragment.children.iter().all(|child| write_node(out, child, variant, columns)),
    }
}

/// Writes a row of a table whose columns are aligned. MathML Core has no `columnalign`, so its cells carry a class.
fn write_row(out: &mut String, row: &MathNode, columns: &[&str]) -> bool {
    out.push_str("<mtr>");
    for (column, cell) in row.children.iter().enumerate() {
        let alignment = columns.get(column).copied().filter(|align| matches!(*align, "left" | "right"));
        let written = match cell {
            MathDomNode::Math(cell) if cell.node_type == MathNodeType::Mtd => write_element(out, cell, alignment),
            other => write_node(out, other, None, &[]),
        };
        if !written {
            return false;
        }
    }
    out.push_str("</mtr>");
    true
}

/// Variants other than `normal` are written as letters instead: browsers know no others.
fn is_written(name: &str, value: &str) -> bool {
    MATH_ATTRIBUTES.contains(&name) && is_math_value(name, value) && (name != "mathvariant" || value == "normal")
}
