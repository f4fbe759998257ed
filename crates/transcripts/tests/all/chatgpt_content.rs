//! What `ChatGPT`'s contents become, and which messages are hidden.

use serde_json::{Value, json};
use takeback_transcripts::{Message, Part, Role};

use super::support::{conversation, node_of, only_message, read_json, said, text};

/// The message of a node from `role` to `recipient`.
fn message(role: &str, recipient: &str, content: Value, metadata: Value) -> Message {
    let mut node = node_of("n", None, role, content, metadata);
    node["message"]["recipient"] = json!(recipient);
    node["message"]["author"]["name"] = json!("a tool");
    only_message(node)
}

fn shown(role: &str, content: Value) -> Vec<Part> {
    let message = message(role, "all", content, json!({}));
    assert!(!message.hidden);
    message.parts
}

fn result(text: &str) -> Part {
    Part::ToolResult { name: Some("a tool".to_owned()), text: text.to_owned() }
}

/// An answer with this text and metadata, as its text reads afterwards.
fn answer(text: &str, metadata: Value) -> String {
    said(&message("assistant", "all", json!({"content_type": "text", "parts": [text]}), metadata))
}

#[test]
fn all_parts_of_a_text_are_taken() {
    let parts = shown("user", json!({"content_type": "text", "parts": ["one", "", "two", null]}));
    assert_eq!(parts, [text("one"), text("two")]);
}

#[test]
fn code_is_a_call_a_result_or_a_block() {
    let code = json!({"content_type": "code", "language": "python", "text": "print(1)"});
    let call = message("assistant", "python", code.clone(), json!({}));
    assert!(call.hidden);
    assert_eq!(call.parts, [Part::ToolCall { name: "python".to_owned(), arguments: "print(1)".to_owned() }]);
    assert_eq!(shown("assistant", code), [text("```python\nprint(1)\n```")]);
    let fence = json!({"content_type": "code", "language": "unknown", "text": "a ```` b"});
    assert_eq!(shown("assistant", fence), [text("`````\na ```` b\n`````")]);
    let hostile = json!({"content_type": "code", "language": "x\n# y", "text": "a"});
    assert_eq!(shown("assistant", hostile), [text("```\na\n```")]);
    let output = message("tool", "all", json!({"content_type": "execution_output", "text": "1"}), json!({}));
    assert!(output.hidden);
    assert_eq!(output.parts, [result("1")]);
}

#[test]
fn what_is_hidden() {
    let words = || json!({"content_type": "text", "parts": ["words"]});
    let unseen = json!({"is_visually_hidden_from_conversation": true});
    let about_user = json!({"is_user_system_message": true});
    for (role, recipient, content, metadata, hidden) in [
        ("user", "all", words(), json!({}), false),
        ("user", "all", words(), unseen.clone(), true),
        ("assistant", "all", words(), json!({}), false),
        ("assistant", "all", words(), unseen, true),
        ("assistant", "bio", words(), json!({}), true),
        ("system", "all", words(), json!({}), true),
        ("system", "all", words(), about_user, false),
        ("tool", "all", words(), json!({}), true),
        ("critic", "all", words(), json!({}), true),
        ("assistant", "all", json!({"content_type": "thoughts", "thoughts": [{"summary": "S", "content": "C"}]}), json!({}), true),
        ("assistant", "all", json!({"content_type": "reasoning_recap", "content": "Thought for 5 s"}), json!({}), true),
        ("assistant", "all", json!({"content_type": "tether_browsing_display", "result": "r"}), json!({}), true),
        ("assistant", "all", json!({"content_type": "sonic_webpage", "url": "u", "text": "t"}), json!({}), true),
        ("assistant", "all", json!({"content_type": "system_error", "name": "E", "text": "t"}), json!({}), true),
        ("user", "all", json!({"content_type": "user_editable_context", "user_profile": "p"}), json!({}), true),
        ("assistant", "all", json!({"content_type": "model_editable_context", "model_set_context": "m"}), json!({}), true),
        ("assistant", "all", json!({"content_type": "text", "parts": [""]}), json!({}), true),
    ] {
        let case = format!("{role} to {recipient}: {content} {metadata}");
        let message = message(role, recipient, content, metadata);
        assert_eq!(message.hidden, hidden, "{case}");
    }
}

#[test]
fn thoughts_are_reasoning() {
    let thoughts = json!({"content_type": "thoughts", "thoughts": [
        {"summary": "First", "content": "look"}, {"summary": "", "content": "then"}, {"content": null},
    ]});
    let reasoning = |text: &str| Part::Reasoning { text: text.to_owned() };
    let message = message("assistant", "all", thoughts, json!({}));
    assert_eq!(message.parts, [reasoning("First\n\nlook"), reasoning("then")]);
}

#[test]
fn a_canvas_is_a_document_and_shown() {
    let canvas = json!({"name": "Plan", "type": "code/rust", "content": "fn main() {}"});
    let content = json!({"content_type": "code", "language": "json", "text": canvas.to_string()});
    let made = message("assistant", "canmore.create_textdoc", content, json!({}));
    assert!(!made.hidden);
    assert_eq!(
        made.parts,
        [Part::Document { title: "Plan".to_owned(), language: Some("rust".to_owned()), text: "fn main() {}".to_owned() }]
    );
    let escaped = r#"{"name": "Odd", "type": "document", "content": "a\ud800\u0000b"}"#;
    let odd = message("assistant", "canmore.create_textdoc", json!({"content_type": "text", "parts": [escaped]}), json!({}));
    assert_eq!(
        odd.parts,
        [Part::Document { title: "Odd".to_owned(), language: Some("markdown".to_owned()), text: "a\u{fffd}\u{fffd}b".to_owned() }]
    );
    let broken = message("assistant", "canmore.create_textdoc", json!({"content_type": "text", "parts": ["{oh"]}), json!({}));
    assert!(broken.hidden);
    assert!(matches!(&broken.parts[..], [Part::ToolCall { arguments, .. }] if arguments == "{oh"));
}

#[test]
fn images_audio_and_attachments() {
    let parts = json!([
        "What is this?",
        {"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_abc", "width": 640, "height": 480,
         "metadata": {"dalle": {"prompt": "a cat"}}},
        {"content_type": "audio_transcription", "text": "spoken", "direction": "in"},
        {"content_type": "audio_asset_pointer", "asset_pointer": "file-service://file-snd", "format": "wav"},
        {"content_type": "real_time_user_audio_video_asset_pointer",
         "audio_asset_pointer": {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://file_rt", "format": "m4a"}},
    ]);
    let metadata = json!({"attachments": [
        {"id": "file_abc", "name": "cat.png", "mime_type": "image/png"},
        {"id": "file-pdf", "name": "notes.pdf", "mimeType": "application/pdf"},
    ]});
    let message = message("user", "all", json!({"content_type": "multimodal_text", "parts": parts}), metadata);
    let file = |file: &str, name: &str, media_type: &str| Part::File {
        file: Some(file.to_owned()),
        name: name.to_owned(),
        media_type: Some(media_type.to_owned()),
        text: None,
    };
    let image = Part::Image { file: "file_abc".to_owned(), alt: Some("a cat".to_owned()), width: Some(640), height: Some(480) };
    assert_eq!(
        message.parts,
        [
            text("What is this?"),
            image,
            text("spoken"),
            file("file-snd", "audio.wav", "audio/wav"),
            file("file_rt", "audio.m4a", "audio/m4a"),
            file("file-pdf", "notes.pdf", "application/pdf"),
        ]
    );
}

#[test]
fn a_tool_that_shows_an_image_is_shown() {
    let parts = json!(["made it", {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-x"}]);
    let drawn = message("tool", "all", json!({"content_type": "multimodal_text", "parts": parts}), json!({}));
    assert!(!drawn.hidden);
    assert_eq!(drawn.parts[0], result("made it"));
    assert!(matches!(&drawn.parts[1], Part::Image { file, .. } if file == "file-x"));
}

#[test]
fn unknown_contents_are_kept_raw_and_counted() {
    let widget = json!({"content_type": "super_widget", "text": "t", "deep": [1, {"a": "ü"}]});
    let odd_part = json!({"content_type": "hologram", "x": 1});
    let wrong = json!({"content_type": "code", "text": {"not": "a string"}});
    let mapping = json!({
        "a": node_of("a", None, "assistant", widget.clone(), json!({})),
        "b": node_of("b", Some("a"), "user", json!({"content_type": "multimodal_text", "parts": [odd_part.clone(), odd_part.clone()]}), json!({})),
        "c": node_of("c", Some("b"), "assistant", wrong, json!({})),
        "d": {"id": "d", "parent": "c", "children": [], "message": "just a string"},
    });
    let read = read_json(&json!([conversation("odd", mapping)]));
    let counts: Vec<_> = read.summary.unknown.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
    assert_eq!(counts, [("code", 1), ("hologram", 2), ("message", 1), ("super_widget", 1)]);
    let [first, ..] = &read.transcripts[0].messages[..] else { panic!() };
    let [Part::Unknown { kind, raw }] = &first.parts[..] else { panic!() };
    assert_eq!(kind, "super_widget");
    assert_eq!(serde_json::from_str::<Value>(raw).unwrap(), widget);
    assert!(read.transcripts[0].messages.iter().all(|one| !one.hidden));
}

#[test]
fn models_and_times_are_what_the_message_says() {
    for (time, micros) in [
        (json!(1_704_629_915.775_304), Some(1_704_629_915_775_304_i64)),
        (json!(1_700_000_000), Some(1_700_000_000_000_000)),
        (json!(null), None),
        (json!(0), None),
        (json!(-5.5), None),
        (json!(1e300), None),
        (json!(1_704_629_915_775_u64), None),
        (json!("yesterday"), None),
    ] {
        let mut node = node_of("n", None, "assistant", json!({"content_type": "text", "parts": ["x"]}), json!({"model_slug": "gpt-4o"}));
        node["message"]["create_time"] = time.clone();
        let message = only_message(node);
        assert_eq!(message.created_at_micros, micros, "{time}");
        assert_eq!(message.model.as_deref(), Some("gpt-4o"));
        assert_eq!(message.role, Role::Assistant);
    }
    let slug = json!({"model_slug": "gpt-4o"});
    assert_eq!(message("user", "all", json!({"content_type": "text", "parts": ["x"]}), slug).model, None);
}

fn reference(matched: &str, start: usize, items: Value) -> Value {
    json!({"type": "grouped_webpages", "matched_text": matched, "start_idx": start, "end_idx": start + matched.chars().count(), "items": items})
}

#[test]
fn references_become_links_by_code_points_or_utf16_units() {
    let mark = "\u{e200}cite\u{e202}turn0search1\u{e201}";
    let words = format!("🙂🙂 Yes{mark}. No{mark}!");
    let items = json!([{"title": "A", "url": "https://a.example/"}, {"title": "B", "url": "http://b.example/x y"}]);
    let expected =
        "🙂🙂 Yes ([A](https://a.example/), [B](http://b.example/x%20y)). No ([A](https://a.example/), [B](http://b.example/x%20y))!";
    let in_code_points = [6, 6 + 19 + 4];
    let in_units = [8, 8 + 19 + 4];
    let nonsense = [1000, 2000];
    for places in [in_code_points, in_units, nonsense] {
        let references: Vec<_> = places.iter().map(|at| reference(mark, *at, items.clone())).collect();
        assert_eq!(answer(&words, json!({"content_references": references})), expected, "{places:?}");
    }
    // Those that nothing explains go.
    assert_eq!(answer(&words, json!({})), "🙂🙂 Yes. No!");
    assert_eq!(answer("a\u{e203}b\u{e204}c \u{e200}open", json!({})), "abc open");
    let entity = "\u{e200}entity\u{e202}[\"company\",\"Motorola\",\"x\"]\u{e201} phones";
    assert_eq!(answer(entity, json!({})), "Motorola phones");
}

#[test]
fn a_citation_never_eats_words() {
    let page = json!({"title": "T", "url": "https://t.example/"});
    let citation = |start: usize, end: usize| json!({"start_ix": start, "end_ix": end, "metadata": page});
    let words = "Zoë says 【1†source】.";
    let right = json!({"citations": [citation(9, 19)]});
    assert_eq!(answer(words, right), "Zoë says ([T](https://t.example/)).");
    for wrong in [citation(0, 5), citation(9, 12), citation(3, 2), citation(90, 99)] {
        assert_eq!(answer(words, json!({"citations": [wrong]})), words);
    }
    let odd = json!({"citations": ["no citation", {"start_ix": -1}, citation(9, 19)], "content_references": 5});
    assert_eq!(answer(words, odd), "Zoë says ([T](https://t.example/)).");
    let footnote = json!({"content_references": [{"type": "sources_footnote", "matched_text": " ", "start_idx": 3, "end_idx": 3}]});
    assert_eq!(answer(words, footnote), words);
}

#[test]
fn hostile_titles_and_addresses_stay_inside_their_link() {
    let mark = "\u{e200}cite\u{e202}x\u{e201}";
    let link = |title: &str, url: &str| {
        let metadata = json!({"content_references": [reference(mark, 0, json!([{"title": title, "url": url}]))]});
        answer(&format!("{mark}end"), metadata)
    };
    assert_eq!(
        link("](javascript:alert(1)) <b>\n# x", "https://e.example/a)b\n[c]\"'<>`"),
        "([\\]\\(javascript:alert\\(1\\)\\) \\<b\\> \\# x](https://e.example/a%29b%0A%5Bc%5D%22%27%3C%3E%60))end"
    );
    assert_eq!(link("", "HTTPS://e.example/"), "([HTTPS://e.example/](HTTPS://e.example/))end");
    for url in ["javascript:alert(1)", "data:text/html,x", "//e.example/", "javascript://https://e.example/%0aalert(1)", ""] {
        assert_eq!(link("T", url), "end", "{url}");
    }
    let long = "x".repeat(500);
    assert_eq!(link(&long, "https://e.example/"), format!("([{}…](https://e.example/))end", "x".repeat(120)));
}

#[test]
fn people_keep_their_private_use_characters() {
    let typed = "icon \u{e200} and \u{e201}";
    assert_eq!(shown("user", json!({"content_type": "text", "parts": [typed]})), [text(typed)]);
}
