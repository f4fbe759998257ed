//! Damaged, hostile and wrong files.

use std::ops::ControlFlow;

use serde_json::json;
use takeback_transcripts::{Error, Item, Limits, Part, open};

use super::support::{conversation, file_of, node, read, read_json, refusal, said, small, try_read};

/// Three conversations, the middle one as given.
fn around(middle: &str) -> Vec<u8> {
    around_bytes(middle.as_bytes())
}

fn around_bytes(middle: &[u8]) -> Vec<u8> {
    let (before, after) = (small("before").to_string(), small("after").to_string());
    [b"[", before.as_bytes(), b", ", middle, b",\n", after.as_bytes(), b"]"].concat()
}

#[test]
fn all_forms_of_the_file_are_read() {
    let (one, two) = (small("one"), small("two"));
    assert_eq!(read_json(&json!([one, two])).titles(), ["one", "two"]);
    assert_eq!(read_json(&one).titles(), ["one"]);
    assert_eq!(read_json(&json!({"conversations": [one, two]})).titles(), ["one", "two"]);
    let wrapped = format!("{{\"about\": {{\"conversations\": [1]}}, \"conversations\" :\n [{one}, {two}], \"more\": [{{}}]}}\n");
    assert_eq!(read(wrapped.as_bytes()).titles(), ["one", "two"]);
    assert_eq!(read(format!("{one}\n{two}\n").as_bytes()).titles(), ["one", "two"]);
    assert_eq!(read(format!("\u{feff}  [{one}]").as_bytes()).titles(), ["one"]);
}

#[test]
fn a_broken_conversation_is_skipped_and_its_neighbours_are_taken() {
    for (middle, reason) in [
        ("{\"title\": \"x\", \"mapping\": {,}}", "Its JSON is damaged: "),
        ("{\"mapping\": \"no object\"}", "Its JSON is damaged: "),
        ("{\"title\": \"x\", \"mapping\": {}]", "Its JSON is damaged: "),
        ("{\"title\": \"x\"}", "It has no messages (no \"mapping\")."),
        ("{\"title\": \"x\", \"mapping\": null}", "It has no messages (no \"mapping\")."),
        ("{\"title\": \"x\", \"mapping\": {}}", "It has no messages."),
        ("null", "Its JSON is damaged: "),
        ("\"a string, with {brackets\"", "Its JSON is damaged: "),
        ("oh dear", "Its JSON is damaged: "),
    ] {
        let read = read(&around(middle));
        assert_eq!(read.titles(), ["before", "after"], "{middle}");
        assert_eq!(read.skipped.len(), 1, "{middle}");
        assert_eq!(read.skipped[0].position, 1);
        assert!(read.skipped[0].reason.starts_with(reason), "{middle}: {}", read.skipped[0].reason);
        assert!(read.summary.broken.is_none());
    }
}

#[test]
fn where_brackets_make_no_sense_the_file_broke_and_says_where() {
    let read = read(&around("{\"title\": \"x\"}}"));
    assert_eq!(read.titles(), ["before"]);
    let offset = 1 + small("before").to_string().len() + 2 + "{\"title\": \"x\"}".len();
    assert_eq!(
        read.summary.broken.unwrap().to_string(),
        format!("The file is damaged at byte {offset}: a bracket closes that was never opened")
    );
}

#[test]
fn a_file_cut_anywhere_gives_all_whole_conversations_before_the_cut() {
    let each = ["one", "two", "three"].map(|title| small(title).to_string());
    let whole = format!("[{}]", each.join(","));
    let mut ends = Vec::new();
    for one in &each {
        ends.push(ends.last().unwrap_or(&0) + 1 + one.len());
    }
    let mut seen = [0; 4];
    for cut in 60..whole.len() {
        let read = read(&whole.as_bytes()[..cut]);
        let count = read.transcripts.len();
        assert_eq!(count, ends.iter().filter(|end| **end <= cut).count(), "{cut}");
        seen[count] += 1;
        let Some(Error::Damaged { offset, .. }) = read.summary.broken else { panic!("{cut}") };
        assert!(offset <= cut as u64);
    }
    assert!(seen[..3].iter().all(|count| *count > 10) && seen[3] == 1, "{seen:?}");
}

#[test]
fn what_is_no_export_says_what_to_take() {
    let utf16: Vec<u8> = "\u{feff}[{}]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let without_mark: Vec<u8> = "[{}]".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, says) in [
        (&b""[..], "The file is empty."),
        (b" \n\t", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"hello", "This is neither a ZIP nor a JSON file."),
        (b"%PDF-1.7", "This is neither a ZIP nor a JSON file."),
        (b"\n<!DOCTYPE html><html>", "This is a web page. Take the export's ZIP file, or the conversations.json beside chat.html."),
        (&utf16, "The file is UTF-16 text. Save it as UTF-8, or take the file as it came from the export."),
        (&without_mark, "The file is UTF-16 text. Save it as UTF-8, or take the file as it came from the export."),
        (b"[]", "There are no conversations in this file."),
        (b"{\"conversations\": []}", "There are no conversations in this file."),
        (
            b"{\"a\": 1}",
            "This is JSON, but no chat export that Takeback knows. Known are: a ChatGPT export (its ZIP file or conversations.json), Chat Completions messages, and sessions of Claude Code and Codex.",
        ),
        (b"[1, 2", "The file is damaged at byte 5: it ends in the middle of a conversation"),
        (
            b"[{\"uuid\": \"u\", \"chat_messages\": []}]",
            "This looks like a Claude export; this version reads a ChatGPT export (its ZIP file or conversations.json), Chat Completions messages, and sessions of Claude Code and Codex.",
        ),
    ] {
        assert_eq!(refusal(bytes), says);
    }
}

#[test]
fn bad_characters_cost_no_conversation() {
    let mapping = r#"{"n": {"id": "n", "parent": null, "message": {"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["BAD"]}}}}"#;
    for (bad, becomes, replaced) in [
        (&b"a\\ud800b"[..], "a\u{fffd}b", 1),
        (b"a\\u0000b\\u0000", "a\u{fffd}b\u{fffd}", 2),
        (b"a\0b", "a\u{fffd}b", 1),
        (b"a\xff\xfeb", "a\u{fffd}\u{fffd}b", 2),
        (b"a\nb", "a\nb", 0),
        (b"\\ud83d\\ude00", "😀", 0),
        (b"\\\\u0000", "\\u0000", 0),
    ] {
        let at = mapping.find("BAD").unwrap();
        let parts: [&[u8]; 5] =
            [b"{\"title\": \"odd \\ud83d\", \"mapping\": ", &mapping.as_bytes()[..at], bad, &mapping.as_bytes()[at + 3..], b"}"];
        let read = read(&around_bytes(&parts.concat()));
        assert_eq!(read.titles(), ["before", "odd \u{fffd}", "after"]);
        assert_eq!(said(&read.transcripts[1].messages[0]), becomes);
        assert_eq!(read.summary.replaced_characters, replaced + 1, "{becomes}");
    }
}

#[test]
fn depth_costs_nothing() {
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    // Deeper than any parser recurses, in a place that is not read, in the content, and instead of a conversation.
    let unread = format!("{{\"title\": \"unread\", \"x\": {}, \"mapping\": {}}}", deep(100_000), small("y")["mapping"]);
    let read_unread = read(&around(&unread));
    assert_eq!(read_unread.titles(), ["before", "unread", "after"]);
    let content = format!(
        "{{\"title\": \"content\", \"mapping\": {{\"n\": {{\"message\": {{\"author\": {{\"role\": \"user\"}}, \"content\": {{\"content_type\": \"text\", \"parts\": {}}}}}}}}}}}",
        deep(100_000)
    );
    let kept = read(&around(&content));
    assert_eq!(kept.titles(), ["before", "content", "after"]);
    assert!(matches!(&kept.transcripts[1].messages[0].parts[..], [Part::Unknown { raw, .. }] if raw.len() == 199_998));
    let instead = read(&around(&deep(100_000)));
    assert_eq!(instead.titles(), ["before", "after"]);
    let objects = "{\"a\":".repeat(100_000) + "1" + &"}".repeat(100_000);
    assert_eq!(read(&around(&objects)).titles(), ["before", "after"]);
    let mapping = format!("{{\"title\": \"m\", \"mapping\": {objects}}}");
    let read_mapping = read(&around(&mapping));
    assert_eq!(read_mapping.titles(), ["before", "after"]);
}

#[test]
fn a_text_of_50_megabytes_leaves_a_placeholder_and_its_neighbours() {
    let mapping = json!({
        "q": node("q", None, "user", "question"),
        "long": node("long", Some("q"), "assistant", &"x".repeat(50_000_000)),
        "next": node("next", Some("long"), "user", "and then?"),
    });
    let read = read(&around(&conversation("long one", mapping).to_string()));
    assert_eq!(read.titles(), ["before", "long one", "after"]);
    let long = &read.transcripts[1];
    assert_eq!(long.messages.len(), 3);
    assert_eq!(long.messages[1].parts, [Part::Unknown { kind: Part::TOO_LONG.to_owned(), raw: "{\"bytes\":50000000}".to_owned() }]);
    assert!(!long.messages[1].hidden);
    assert_eq!(said(&long.messages[2]), "and then?");
    let [skipped] = &read.skipped[..] else { panic!() };
    assert_eq!((skipped.position, skipped.title.as_deref(), skipped.message.as_deref()), (1, Some("long one"), Some("long")));
    assert_eq!(skipped.reason, "A message of 50000000 bytes was left out, a placeholder stands in its place; at most 8388608 are kept.");
    assert_eq!((read.summary.messages_skipped, read.summary.conversations_skipped), (1, 0));
    assert!(read.summary.unknown.is_empty());
}

#[test]
fn a_conversation_over_the_cap_is_passed_over() {
    let limits = Limits { max_conversation_bytes: 2_000_000, ..Limits::default() };
    let mapping = json!({"q": node("q", None, "user", &"\\\"{[".repeat(1_000_000))});
    let big = conversation("big", mapping).to_string();
    let read = try_read(&around(&big), &limits).unwrap();
    assert_eq!(read.titles(), ["before", "after"]);
    assert_eq!(read.skipped[0].reason, format!("It has {} bytes; at most 2000000 are read.", big.len()));
    // Alone in the file it is no less clear.
    assert_eq!(
        try_read(big.as_bytes(), &limits).unwrap_err().to_string(),
        format!("The conversation has {} bytes; at most 2000000 are read.", big.len())
    );
}

#[test]
fn only_a_hundred_reasons_are_kept() {
    let bad = "{\"title\": \"bad\"}";
    let all = format!("[{},{}]", small("good"), vec![bad; 250].join(","));
    let read = read(all.as_bytes());
    assert_eq!(read.summary.conversations_skipped, 250);
    assert_eq!(read.summary.skipped.len(), 100);
    assert_eq!(read.skipped.len(), 250);
}

#[test]
fn the_sink_can_stop_the_reading_and_it_can_be_read_again() {
    let file = file_of(json!([small("one"), small("two"), small("three")]).to_string().as_bytes());
    let mut export = open(file.path()).unwrap();
    for _ in 0..2 {
        let mut titles = Vec::new();
        let summary = export.read(
            &mut |item| {
                if let Item::Conversation(one) = item {
                    titles.push(one.title.unwrap());
                }
                if titles.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
            &mut |_| {},
        );
        assert_eq!(titles, ["one", "two"]);
        assert!(summary.stopped);
        assert_eq!(summary.conversations, 2);
    }
}

#[test]
fn progress_grows_to_the_total() {
    let many: Vec<_> =
        (0..300).map(|number| conversation(&number.to_string(), json!({"q": node("q", None, "user", &"x".repeat(20_000))}))).collect();
    let json = json!(many).to_string();
    let read = read(json.as_bytes());
    assert_eq!(read.progress.last(), Some(&(json.len() as u64)));
    assert!(read.progress.len() >= 5 && read.progress.is_sorted(), "{:?}", read.progress);
}

#[test]
fn a_conversation_without_an_id_has_the_same_one_each_time() {
    let mut one = small("one");
    one.as_object_mut().unwrap().remove("id");
    let id = |read: super::support::Outcome| read.transcripts[0].source_id.clone();
    let (first, second) = (id(read_json(&json!([one]))), id(read_json(&json!([one]))));
    assert_eq!(first, second);
    assert_eq!(first.len(), 32);
    one["title"] = json!("other");
    assert_ne!(id(read_json(&json!([one]))), first);
}
