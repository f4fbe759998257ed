//! Messages in the form of the Chat Completions API, from files and from memory.

use serde_json::{Value, json};
use takeback_transcripts::chat_completions::parse;
use takeback_transcripts::{Error, Part, Role, Source, Transcript};

use super::support::{read, read_json, said, text};

fn parsed(value: &Value) -> Transcript {
    parse(value.to_string().as_bytes()).unwrap()
}

/// The parts of one message.
fn parts(message: &Value) -> Vec<Part> {
    parsed(&json!([message])).messages.remove(0).parts
}

fn talk() -> Value {
    json!([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello."},
    ])
}

#[test]
fn all_forms_of_the_file_are_read() {
    let one = json!({"title": "one", "messages": talk()});
    let two = json!({"title": "two", "messages": talk()});
    assert_eq!(read_json(&one).titles(), ["one"]);
    assert_eq!(read_json(&json!([one, two])).titles(), ["one", "two"]);
    assert_eq!(read(format!("{one}\n\n{two}\n").as_bytes()).titles(), ["one", "two"]);
    let list = read_json(&talk());
    assert_eq!(list.transcripts.len(), 1);
    assert_eq!(list.transcripts[0], parsed(&talk()));
    assert_eq!(read_json(&json!([talk(), talk()])).transcripts.len(), 2);
    let lines = talk().as_array().unwrap().iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    assert_eq!(read(lines.as_bytes()).transcripts, list.transcripts);
    assert_eq!(list.transcripts[0].source, Source::ChatCompletions);
}

#[test]
fn messages_are_a_line_and_instructions_are_hidden() {
    let one = parsed(&json!({"title": "T", "model": "m-1", "messages": talk()}));
    assert_eq!((one.title.as_deref(), one.model.as_deref()), (Some("T"), Some("m-1")));
    let shape: Vec<_> = one.messages.iter().map(|one| (one.role, one.hidden, one.parent, said(one))).collect();
    assert_eq!(
        shape,
        [
            (Role::System, true, None, "Be brief.".to_owned()),
            (Role::User, false, Some(0), "Hi".to_owned()),
            (Role::Assistant, false, Some(1), "Hello.".to_owned()),
        ]
    );
    assert_eq!(one.current, Some(2));
    // The model of the request is not said to be each message's.
    assert!(one.messages.iter().all(|one| one.model.is_none()));
}

#[test]
fn a_grown_file_continues_the_earlier_one() {
    let first = parsed(&talk());
    let mut longer = talk();
    longer.as_array_mut().unwrap().push(json!({"role": "user", "content": "More"}));
    let grown = parsed(&longer);
    assert_eq!(grown.prior_source_ids.last(), Some(&first.source_id));
    assert_eq!(grown.messages[..3], first.messages[..]);
    assert_eq!(grown.source_id, grown.messages[3].source_id);
    assert_eq!(grown.source_id.len(), 32);
    // Stored ids depend on this: it must never change.
    assert_eq!(first.source_id, "97616ffa1b5e52c6e132b908a7cd9d6a");
    // The same words by another role, or in another place, are another message.
    let ids = |messages: &Value| parsed(messages).source_id;
    let other_role = json!([{"role": "user", "content": "Be brief."}]);
    let system = json!([{"role": "system", "content": "Be brief."}]);
    assert_ne!(ids(&other_role), ids(&system));
    assert_ne!(
        ids(&json!([{"role": "user", "content": "ab"}, {"role": "user", "content": "c"}])),
        ids(&json!([{"role": "user", "content": "a"}, {"role": "user", "content": "bc"}]))
    );
    let many: Vec<_> = (0..600).map(|number| json!({"role": "user", "content": number.to_string()})).collect();
    let many = parsed(&json!(many));
    assert_eq!(many.prior_source_ids.len(), 500);
    assert_eq!(many.prior_source_ids.last(), Some(&many.messages[598].source_id));
    let named = parsed(&json!({"id": "mine", "messages": talk()}));
    assert_eq!((named.source_id.as_str(), named.prior_source_ids.len()), ("mine", 0));
}

#[test]
fn contents() {
    assert_eq!(parts(&json!({"role": "user", "content": "x"})), [text("x")]);
    assert_eq!(parts(&json!({"role": "user", "content": null})), []);
    assert_eq!(parts(&json!({"role": "user"})), []);
    let all = json!([
        {"type": "text", "text": "a"}, {"type": "input_text", "text": "b"}, {"type": "output_text", "text": "c"},
        {"type": "refusal", "refusal": "No."}, {"type": "text", "text": ""}, "plain",
    ]);
    let texts = ["a", "b", "c", "No.", "plain"].map(text);
    assert_eq!(parts(&json!({"role": "user", "content": all})), texts);
    assert_eq!(parts(&json!({"role": "assistant", "content": null, "refusal": "I can't."})), [text("I can't.")]);
    for key in ["reasoning", "reasoning_content"] {
        let thought = json!({"role": "assistant", key: "hm", "content": "so"});
        assert_eq!(parts(&thought), [Part::Reasoning { text: "hm".to_owned() }, text("so")]);
    }
    let odd = json!({"type": "input_audio", "input_audio": {"data": "AA=="}});
    let [Part::Unknown { kind, raw }] = &parts(&json!({"role": "user", "content": [odd]}))[..] else { panic!() };
    assert_eq!(kind, "input_audio");
    assert_eq!(serde_json::from_str::<Value>(raw).unwrap(), odd);
}

#[test]
fn images_are_embedded_or_links_and_never_fetched() {
    let image = |url: &str| {
        let content = json!([{"type": "image_url", "image_url": {"url": url}}]);
        parsed(&json!([{"role": "user", "content": content}, {"role": "user", "content": content}]))
    };
    // A PNG's signature and one byte.
    let one = image("data:image/png;base64,iVBORw0KGgoA");
    let [file] = &one.embedded[..] else { panic!("each file once") };
    assert_eq!(file.bytes, b"\x89PNG\r\n\x1a\n\0");
    assert_eq!(file.media_type, Some("image/png"));
    assert!(file.name.starts_with("sha256:") && file.name.len() == 71);
    assert!(matches!(&one.messages[1].parts[..], [Part::Image { file: name, .. }] if *name == file.name));
    assert_eq!(image("data:image/png;base64,PHN2Zz4=").embedded[0].media_type, None);
    assert_eq!(image("https://e.example/a(b).png").messages[0].parts, [text("[Image](<https://e.example/a(b).png>)")]);
    for bad in ["javascript:alert(1)", "https://e.example/> <b", "data:image/png,plain", "data:;base64,*", "file:///etc/passwd"] {
        let one = image(bad);
        assert!(one.embedded.is_empty());
        assert!(matches!(&one.messages[0].parts[..], [Part::Unknown { kind, .. }] if kind == "image_url"), "{bad}");
    }
    let summary = read_json(
        &json!([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgoA"}}]}]),
    )
    .summary;
    assert_eq!((summary.images_found, summary.images_missing), (1, 0));
}

#[test]
fn tools() {
    let one = parsed(&json!([
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{\"city\":\"Rome\"}"}},
            {"id": "c2", "type": "custom", "custom": {"name": "note", "input": "hi"}},
            {"id": "c3", "type": "odd"},
        ]},
        {"role": "tool", "tool_call_id": "c1", "content": "sunny"},
        {"role": "tool", "tool_call_id": "nobody's", "content": [{"type": "text", "text": "?"}]},
        {"role": "assistant", "content": "ok", "function_call": {"name": "old", "arguments": "{}"}},
        {"role": "function", "name": "old", "content": "done"},
        {"role": "developer", "content": "be nice"},
    ]));
    let call = |name: &str, arguments: &str| Part::ToolCall { name: name.to_owned(), arguments: arguments.to_owned() };
    let result = |name: Option<&str>, text: &str| Part::ToolResult { name: name.map(str::to_owned), text: text.to_owned() };
    let calls = &one.messages[1].parts;
    assert_eq!(calls[..2], [call("weather", "{\"city\":\"Rome\"}"), call("note", "hi")]);
    assert!(matches!(&calls[2], Part::Unknown { kind, .. } if kind == "tool_call"));
    assert_eq!(one.messages[2].parts, [result(Some("weather"), "sunny")]);
    assert_eq!(one.messages[3].parts, [result(None, "?")]);
    assert_eq!(one.messages[4].parts, [text("ok"), call("old", "{}")]);
    assert_eq!(one.messages[5].parts, [result(Some("old"), "done")]);
    assert_eq!(one.messages[6].role, Role::System);
}

#[test]
fn what_breaks_the_form_is_named() {
    for (json, param, reason) in [
        ("{\"messages\": [", None, "The JSON could not be read: EOF while parsing a list at line 1 column 14."),
        ("5", None, "An object with messages is needed."),
        ("{}", Some("messages"), "A list of messages is needed."),
        ("{\"messages\": []}", Some("messages"), "There are no messages."),
        ("[5]", Some("messages[0]"), "A message is an object with role and content."),
        (
            "[{\"role\": \"user\"}, {\"role\": \"king\"}]",
            Some("messages[1].role"),
            "The role is one of system, developer, user, assistant, tool and function.",
        ),
        ("[{\"content\": \"x\"}]", Some("messages[0].role"), "The role is one of system, developer, user, assistant, tool and function."),
        ("[{\"role\": \"user\", \"content\": 5}]", Some("messages[0].content"), "The content is a string, a list of parts, or null."),
        ("[{\"role\": \"user\", \"content\": [[]]}]", Some("messages[0].content[0]"), "A content part is an object with a type."),
    ] {
        let Err(Error::Invalid { param: at, reason: why }) = parse(json.as_bytes()) else { panic!("{json}") };
        assert_eq!((at.as_deref(), why.as_str()), (param, reason), "{json}");
    }
    let long = json!([{"role": "user", "content": "x".repeat(9 << 20)}]).to_string();
    let Err(Error::Invalid { param, .. }) = parse(long.as_bytes()) else { panic!() };
    assert_eq!(param.as_deref(), Some("messages[0].content"));
    let deep = format!("[{{\"role\": \"user\", \"content\": {}1{}}}]", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(parse(deep.as_bytes()), Err(Error::Invalid { param: None, .. })));
}

#[test]
fn in_a_file_a_bad_conversation_is_skipped() {
    let bad = json!({"title": "bad", "messages": [{"role": "king", "content": ""}]});
    let good = json!({"title": "good", "messages": talk()});
    let read = read_json(&json!([bad, good, {"messages": [{"role": "user", "content": "a\u{0}b"}]}]));
    assert_eq!(read.titles(), ["good", "-"]);
    assert_eq!(read.skipped[0].title.as_deref(), Some("bad"));
    assert_eq!(read.skipped[0].reason, "The role is one of system, developer, user, assistant, tool and function. (messages[0].role)");
    assert_eq!(said(&read.transcripts[1].messages[0]), "a\u{fffd}b");
    assert_eq!(read.summary.replaced_characters, 1);
}

#[test]
fn lone_surrogates_from_memory_are_replaced() {
    let one = parse(br#"[{"role": "user", "content": "a\ud800\u0000b"}]"#).unwrap();
    assert_eq!(said(&one.messages[0]), "a\u{fffd}\u{fffd}b");
}
