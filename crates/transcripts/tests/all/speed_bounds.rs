//! Inputs made to be slow are not. The bounds are wide: what they catch takes minutes.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::support::{conversation, node, node_of, read, read_json};

fn within(seconds: u64, work: impl FnOnce()) {
    let began = Instant::now();
    work();
    let took = began.elapsed();
    assert!(took < Duration::from_secs(seconds), "took {took:?}");
}

#[test]
fn very_many_citations() {
    let mark = "\u{e200}cite\u{e202}turn0search1\u{e201}";
    let words = mark.repeat(50_000);
    for start in [0, 10_000_000] {
        let one =
            json!({"matched_text": mark, "start_idx": start, "end_idx": start, "items": [{"title": "t", "url": "https://e.example/"}]});
        let metadata = json!({"content_references": vec![one; 20_000]});
        let content = json!({"content_type": "text", "parts": [words]});
        within(60, || {
            read_json(&json!([conversation("c", json!({"n": node_of("n", None, "assistant", content, metadata)}))]));
        });
    }
}

#[test]
fn very_many_markers_without_an_end() {
    let words = "\u{e200}x".repeat(1_000_000);
    within(60, || {
        let node = node("n", None, "assistant", &words);
        let read = read_json(&json!([conversation("c", json!({"n": node}))]));
        assert_eq!(super::support::said(&read.transcripts[0].messages[0]).len(), 1_000_000);
    });
}

#[test]
fn one_node_of_very_many_children_and_very_many_equal_ids() {
    let mut mapping = Map::new();
    let ids: Vec<String> = (0..50_000).map(|number| format!("n{number}")).collect();
    for id in &ids {
        mapping.insert(id.clone(), node(id, Some("root"), "user", "x"));
    }
    let mut root = node("root", None, "user", "x");
    root["children"] = json!(ids);
    mapping.insert("root".to_owned(), root);
    within(60, || {
        assert_eq!(read_json(&json!([conversation("c", Value::Object(mapping))])).summary.messages, 50_001);
    });
    let equal =
        vec!["\"n\":{\"message\":{\"author\":{\"role\":\"user\"},\"content\":{\"content_type\":\"text\",\"parts\":[\"x\"]}}}"; 50_000]
            .join(",");
    within(60, || {
        assert_eq!(read(format!("[{{\"mapping\":{{{equal}}}}}]").as_bytes()).summary.messages, 50_000);
    });
}

#[test]
fn long_rows_of_brackets_backslashes_and_escapes() {
    for row in ["\\\\", "\\\"", "\\u00e4", "{", "\\u", "【"] {
        let json = format!("[{{\"mapping\": {{}}, \"title\": \"{}\"}}]", row.repeat(2_000_000));
        within(60, || {
            assert_eq!(read(json.as_bytes()).summary.conversations, 0);
        });
    }
    let unclosed = format!("[{{\"mapping\": {}", "[".repeat(20_000_000));
    within(60, || {
        assert!(read(unclosed.as_bytes()).summary.broken.is_some());
    });
}
