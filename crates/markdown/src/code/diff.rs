//! Differences, line by line.

use super::class::Class;
use super::spans::Spans;

/// Writes whole lines of a diff: what was put in, what was taken out, and where.
pub(super) fn lines(out: &mut String, spans: &mut Spans, code: &str) {
    for line in code.split_inclusive('\n') {
        let content = line.trim_end_matches('\n');
        spans.push(out, line_class(content), content);
        spans.push(out, None, &line[content.len()..]);
    }
}

fn line_class(line: &str) -> Option<Class> {
    let header = ["+++ ", "--- ", "@@", "diff ", "index ", "similarity ", "rename ", "new file ", "deleted file "];
    if header.iter().any(|start| line.starts_with(start)) {
        return Some(Class::Meta);
    }
    match line.as_bytes().first() {
        Some(b'+' | b'>') => Some(Class::Inserted),
        Some(b'-' | b'<') => Some(Class::Deleted),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_the_class_of_their_sign() {
        let mut out = String::new();
        let mut spans = Spans::default();
        lines(&mut out, &mut spans, "--- a\n+++ b\n@@ -1 +1,2 @@\n same\n-old\n+new\n+<b>\n");
        spans.close(&mut out);
        assert_eq!(
            out,
            "<span class=\"m\">--- a\n+++ b\n@@ -1 +1,2 @@\n</span> same\n\
             <span class=\"del\">-old\n</span><span class=\"ins\">+new\n+&lt;b&gt;\n</span>"
        );
    }
}
