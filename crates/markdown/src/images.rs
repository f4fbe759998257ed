//! Images never load: they are shown as links that say where they lead.

use comrak::nodes::{Node, NodeLink};

use crate::depth::flat_text;
use crate::escape::{self, Place};
use crate::links;

/// Writes an image as a link with its description and host; within a link as its description alone, since links
/// don't nest and the outer one is what the author made.
pub(crate) fn write(out: &mut String, node: Node<'_>, image: &NodeLink, in_link: bool) {
    let described = flat_text(node);
    let described = if described.trim().is_empty() { "image" } else { described.trim() };
    match links::target(&image.url) {
        Some(target) if !in_link && target.host.is_some() => {
            links::open(out, &target, &image.title, Some("remote-image"));
            escape::text(out, described, Place::Exact);
            if let Some(host) = &target.host {
                out.push_str(" (");
                escape::text(out, host, Place::Exact);
                out.push(')');
            }
            out.push_str("</a>");
        }
        Some(_) if in_link => escape::text(out, described, Place::Exact),
        _ => {
            links::open_unlinked(out, &image.url);
            escape::text(out, described, Place::Exact);
            out.push_str("</span>");
        }
    }
}
