//! What of a message is found: what its owner reads on the page as somebody's words.

use takeback_transcripts::Part;

use crate::error::Error;

/// The words of a stored message's parts, a line between one part and the next. Left out is what is folded away
/// (reasoning, what tools were asked and answered) and what nobody wrote.
///
/// # Errors
/// [`Error::Json`] if it isn't a message's parts.
pub fn text(parts: &str) -> Result<String, Error> {
    let mut text = String::new();
    for part in serde_json::from_str::<Vec<Part>>(parts)? {
        let pieces = match part {
            Part::Text { text } => [text, String::new()],
            Part::Document { title, text, .. } => [title, text],
            Part::File { name, .. } => [name, String::new()],
            Part::Image { alt, .. } => [alt.unwrap_or_default(), String::new()],
            Part::Reasoning { .. } | Part::ToolCall { .. } | Part::ToolResult { .. } | Part::Unknown { .. } => continue,
        };
        for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
            if text.is_empty() {
                text = piece;
            } else {
                text.push('\n');
                text.push_str(&piece);
            }
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_folds_away_is_not_found() {
        let parts = r#"[{"type":"reasoning","text":"hm"},{"type":"text","text":"Hello"},{"type":"tool_result","text":"42"},
            {"type":"document","title":"Plan","text":"First"},{"type":"file","name":"notes.pdf","text":"inside"},
            {"type":"image","file":"file_x","alt":"a cat"},{"type":"unknown","kind":"x","raw":"{}"}]"#;
        assert_eq!(text(parts).unwrap(), "Hello\nPlan\nFirst\nnotes.pdf\na cat");
        assert!(text("{}").is_err());
    }
}
