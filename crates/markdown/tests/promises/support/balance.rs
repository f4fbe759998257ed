//! Whether a piece of HTML closes what it opens, and nothing else.

/// What is wrong, if something is.
pub(crate) fn unbalanced(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1) {
        let name: &str = tag.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default();
        if let Some(name) = name.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(format!("</{name}> in {html:?}"));
            }
        } else if !matches!(name, "br" | "hr" | "input") {
            open.push(name);
        }
    }
    open.pop().map(|name| format!("<{name}> in {html:?}"))
}
