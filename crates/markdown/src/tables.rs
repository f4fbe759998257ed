//! Tables.

use comrak::nodes::{Node, NodeTable, NodeValue, TableAlignment};

use crate::write::Writer;

/// Writes a table, `depth` levels below the root. It can be focused, so that a wide one can be scrolled by keyboard.
pub(crate) fn write(writer: &mut Writer, node: Node<'_>, table: &NodeTable, depth: usize) {
    writer.out.push_str("<div class=\"table\" tabindex=\"0\"><table>\n");
    let mut in_body = false;
    for row in node.children() {
        let is_head = matches!(row.data().value, NodeValue::TableRow(true));
        if is_head {
            writer.out.push_str("<thead>\n");
        } else if !in_body {
            writer.out.push_str("<tbody>\n");
            in_body = true;
        }
        write_row(writer, row, table, is_head, depth + 1);
        if is_head {
            writer.out.push_str("</thead>\n");
        }
    }
    if in_body {
        writer.out.push_str("</tbody>\n");
    }
    writer.out.push_str("</table></div>\n");
}

fn write_row(writer: &mut Writer, row: Node<'_>, table: &NodeTable, is_head: bool, depth: usize) {
    let element = if is_head { "th" } else { "td" };
    writer.out.push_str("<tr>\n");
    for (column, cell) in row.children().enumerate() {
        let empty = cell.first_child().is_none();
        if empty && !is_head {
            // The parser fills short rows up; without an end, a few bytes a row would become thousands of cells.
            let Some(left) = writer.filled_cells_left.checked_sub(1) else {
                break;
            };
            writer.filled_cells_left = left;
        }
        writer.out.push('<');
        writer.out.push_str(element);
        writer.out.push_str(match table.alignments.get(column) {
            Some(TableAlignment::Left) => " align=\"left\"",
            Some(TableAlignment::Center) => " align=\"center\"",
            Some(TableAlignment::Right) => " align=\"right\"",
            Some(TableAlignment::None) | None => "",
        });
        writer.out.push_str(if empty { ">" } else { " dir=\"auto\">" });
        writer.in_cell = true;
        writer.inlines(cell, depth + 1);
        writer.in_cell = false;
        writer.out.push_str("</");
        writer.out.push_str(element);
        writer.out.push_str(">\n");
    }
    writer.out.push_str("</tr>\n");
}
