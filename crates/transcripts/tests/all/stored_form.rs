//! The JSON of parts is stored by the application: it must never change.

use takeback_transcripts::{Part, Role, Source};

#[test]
fn each_part_has_its_stored_form() {
    let owned = str::to_owned;
    for (part, json) in [
        (Part::Text { text: owned("a") }, r#"{"type":"text","text":"a"}"#),
        (
            Part::Image { file: owned("f"), alt: Some(owned("a cat")), width: Some(640), height: Some(480) },
            r#"{"type":"image","file":"f","alt":"a cat","width":640,"height":480}"#,
        ),
        (Part::Image { file: owned("f"), alt: None, width: None, height: None }, r#"{"type":"image","file":"f"}"#),
        (
            Part::File { file: Some(owned("f")), name: owned("n.pdf"), media_type: Some(owned("application/pdf")), text: Some(owned("t")) },
            r#"{"type":"file","file":"f","name":"n.pdf","media_type":"application/pdf","text":"t"}"#,
        ),
        (Part::File { file: None, name: owned("n"), media_type: None, text: None }, r#"{"type":"file","name":"n"}"#),
        (Part::Reasoning { text: owned("hm") }, r#"{"type":"reasoning","text":"hm"}"#),
        (Part::ToolCall { name: owned("n"), arguments: owned("{}") }, r#"{"type":"tool_call","name":"n","arguments":"{}"}"#),
        (Part::ToolResult { name: Some(owned("n")), text: owned("42") }, r#"{"type":"tool_result","name":"n","text":"42"}"#),
        (Part::ToolResult { name: None, text: owned("42") }, r#"{"type":"tool_result","text":"42"}"#),
        (
            Part::Document { title: owned("T"), language: Some(owned("rust")), text: owned("x") },
            r#"{"type":"document","title":"T","language":"rust","text":"x"}"#,
        ),
        (Part::Unknown { kind: owned("k"), raw: owned("{}") }, r#"{"type":"unknown","kind":"k","raw":"{}"}"#),
    ] {
        assert_eq!(serde_json::to_string(&part).unwrap(), json);
        assert_eq!(serde_json::from_str::<Part>(json).unwrap(), part);
    }
    let newer = r#"{"type":"text","text":"a","added later":1}"#;
    assert_eq!(serde_json::from_str::<Part>(newer).unwrap(), Part::Text { text: owned("a") });
}

#[test]
fn names_of_roles_and_sources() {
    let roles = [Role::System, Role::User, Role::Assistant, Role::Tool];
    assert_eq!(serde_json::to_string(&roles).unwrap(), r#"["system","user","assistant","tool"]"#);
    for (source, name) in [
        (Source::ChatGpt, "chatgpt"),
        (Source::ChatCompletions, "chat_completions"),
        (Source::Claude, "claude"),
        (Source::OpenWebUi, "open_webui"),
        (Source::LibreChat, "librechat"),
        (Source::ShareGpt, "sharegpt"),
        (Source::ChatbotUi, "chatbot_ui"),
        (Source::ClaudeCode, "claude_code"),
        (Source::Codex, "codex"),
    ] {
        assert_eq!(source.as_str(), name);
        assert_eq!(serde_json::to_string(&source).unwrap(), format!("\"{name}\""));
    }
}
