//! Session files of coding agents.

use serde_json::{Value, json};
use takeback_transcripts::{Limits, Part, Role, Source, Transcript};

use super::support::{Outcome, read, said, text, try_read};

const PIXEL: &str = "R0lGODlhAQABAAAAACwAAAAAAQABAAACAjs=";

fn lines(lines: &[Value]) -> Vec<u8> {
    lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
}

fn read_lines(all: &[Value]) -> Outcome {
    read(&lines(all))
}

fn one(all: &[Value]) -> Transcript {
    let mut read = read_lines(all);
    assert_eq!((read.transcripts.len(), read.skipped.len()), (1, 0), "{:?}", read.skipped);
    read.transcripts.remove(0)
}

/// The current branch: role, whether it is hidden, and what is said.
fn branch(transcript: &Transcript) -> Vec<(Role, bool, String)> {
    let messages = transcript.current_branch().into_iter().map(|at| &transcript.messages[at]);
    messages.map(|message| (message.role, message.hidden, said(message))).collect()
}

/// What visitors would be told.
fn shown(transcript: &Transcript) -> Vec<(Role, String)> {
    branch(transcript).into_iter().filter(|(_, hidden, _)| !hidden).map(|(role, _, said)| (role, said)).collect()
}

fn user(text: &str) -> (Role, String) {
    (Role::User, text.to_owned())
}

fn assistant(text: &str) -> (Role, String) {
    (Role::Assistant, text.to_owned())
}

/// A line of a Claude Code session.
fn claude(id: &str, parent: Option<&str>, kind: &str, message: Value) -> Value {
    json!({
        "parentUuid": parent, "isSidechain": false, "userType": "external", "cwd": "/home/ada/site", "sessionId": "3f2a1b00-0000-4000-8000-1234567890ab",
        "version": "2.1.63", "gitBranch": "main", "type": kind, "message": message, "uuid": id, "timestamp": "2026-01-15T12:00:00.123Z",
    })
}

fn asked(id: &str, parent: Option<&str>, content: Value) -> Value {
    claude(id, parent, "user", json!({"role": "user", "content": content}))
}

/// A block that the model wrote; lines of one `go` belong together.
fn wrote(id: &str, parent: &str, go: &str, block: Value) -> Value {
    let message =
        json!({"model": "claude-opus-4-6", "id": go, "type": "message", "role": "assistant", "content": [block], "stop_reason": null});
    claude(id, Some(parent), "assistant", message)
}

fn with(mut line: Value, key: &str, value: Value) -> Value {
    line[key] = value;
    line
}

fn whole_session() -> Vec<Value> {
    let snapshot =
        json!({"type": "file-history-snapshot", "messageId": "u1", "snapshot": {"trackedFileBackups": {}}, "isSnapshotUpdate": false});
    vec![
        json!({"type": "summary", "summary": "Of another session", "leafUuid": "elsewhere"}),
        snapshot,
        with(asked("m0", None, json!("<local-command-caveat>Caveat: zanzibarquokka</local-command-caveat>")), "isMeta", json!(true)),
        asked("u1", Some("m0"), json!("Why does the login test fail?")),
        wrote("a1", "u1", "msg_1", json!({"type": "thinking", "thinking": "zanzibarquokka", "signature": "x"})),
        wrote("a2", "a1", "msg_1", json!({"type": "text", "text": "I look at the test first."})),
        wrote(
            "a3",
            "a2",
            "msg_1",
            json!({"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {"file_path": "/home/ada/zanzibarquokka"}}),
        ),
        with(
            asked("r1", Some("a3"), json!([{"tool_use_id": "toolu_1", "type": "tool_result", "content": "zanzibarquokka = 1"}])),
            "toolUseResult",
            json!({"file": "zanzibarquokka"}),
        ),
        json!({"type": "system", "subtype": "turn_duration", "uuid": "s1", "parentUuid": "r1", "durationMs": 5}),
        wrote("a4", "s1", "msg_2", json!({"type": "text", "text": "The clock is not mocked."})),
        asked("u2", Some("a4"), json!([{"type": "text", "text": "Fix it<system-reminder>zanzibarquokka</system-reminder>"}])),
        wrote("a5", "u2", "msg_3", json!({"type": "text", "text": "Done."})),
        json!({"type": "ai-title", "aiTitle": "Fix the login test", "sessionId": "3f2a1b00-0000-4000-8000-1234567890ab"}),
    ]
}

#[test]
fn of_a_claude_code_session_only_what_was_said_shows() {
    let session = one(&whole_session());
    assert_eq!((session.source, session.source_id.as_str()), (Source::ClaudeCode, "3f2a1b00-0000-4000-8000-1234567890ab"));
    assert_eq!((session.title.as_deref(), session.model.as_deref()), (Some("Fix the login test"), Some("claude-opus-4-6")));
    assert_eq!(session.created_at_micros, Some(1_768_478_400_123_000));
    let expected = [user("Why does the login test fail?"), assistant("The clock is not mocked."), user("Fix it"), assistant("Done.")];
    let mut seen = shown(&session);
    // Its first part is the thought that came before the words.
    let first_answer = session.messages.iter().find(|message| message.source_id == "a1").unwrap();
    assert_eq!((first_answer.parts.len(), first_answer.parts[1].clone()), (3, text("I look at the test first.")));
    seen.remove(1);
    assert_eq!(seen, expected);
    for message in session.messages.iter().filter(|message| !message.hidden) {
        let visible = message.parts.iter().filter(|part| matches!(part, Part::Text { .. } | Part::Image { .. } | Part::Unknown { .. }));
        assert!(visible.clone().count() > 0 && !format!("{:?}", visible.collect::<Vec<_>>()).contains("zanzibarquokka"));
    }
    let result = session.messages.iter().find(|message| message.source_id == "r1").unwrap();
    assert_eq!(result.role, Role::Tool);
    assert_eq!(result.parts, [Part::ToolResult { name: Some("Read".to_owned()), text: "zanzibarquokka = 1".to_owned() }]);
    // The lines of one go are one message, linked as the file says.
    assert_eq!(session.current_branch().len(), session.messages.len());
}

#[test]
fn a_question_that_was_asked_anew_is_a_branch_and_a_sub_agent_is_none() {
    let all = [
        asked("u1", None, json!("First")),
        wrote("a1", "u1", "msg_1", json!({"type": "text", "text": "One"})),
        asked("u2", Some("a1"), json!("Taken back")),
        wrote("a2", "u2", "msg_2", json!({"type": "text", "text": "Two"})),
        with(asked("side", None, json!("For the sub-agent")), "isSidechain", json!(true)),
        asked("u3", Some("a1"), json!("Second")),
        wrote("a3", "u3", "msg_3", json!({"type": "text", "text": "Three"})),
        with(wrote("side2", "side", "msg_4", json!({"type": "text", "text": "Of the sub-agent"})), "isSidechain", json!(true)),
    ];
    let session = one(&all);
    assert_eq!(shown(&session), [user("First"), assistant("One"), user("Second"), assistant("Three")]);
    assert_eq!(session.messages.len(), 8);
    assert!(session.messages.iter().filter(|message| said(message).contains("sub-agent")).all(|message| message.hidden));
}

#[test]
fn a_compacted_session_goes_on_and_its_summary_is_not_shown() {
    let all = [
        asked("u1", None, json!("First")),
        wrote("a1", "u1", "msg_1", json!({"type": "text", "text": "One"})),
        json!({"type": "system", "subtype": "compact_boundary", "uuid": "c1", "parentUuid": null, "logicalParentUuid": "a1", "content": "Conversation compacted"}),
        with(asked("u2", Some("c1"), json!("This session is being continued. zanzibarquokka")), "isCompactSummary", json!(true)),
        asked("u3", Some("u2"), json!("Second")),
    ];
    assert_eq!(shown(&one(&all)), [user("First"), assistant("One"), user("Second")]);
}

#[test]
fn what_the_program_wrote_in_the_person_s_name_is_hidden_and_what_quotes_it_is_not() {
    for (content, shows) in [
        ("<command-name>/clear</command-name>\n<command-message>clear</command-message>\n<command-args></command-args>", false),
        ("<local-command-stdout>secret</local-command-stdout>", false),
        ("<bash-input>ls</bash-input>", false),
        ("<ide_opened_file>The user opened /etc/passwd</ide_opened_file>", false),
        ("<system-reminder>only this</system-reminder>", false),
        ("[Request interrupted by user for tool use]", false),
        ("What does <command-name> mean?", true),
        ("<b>bold</b>", true),
        ("<system-reminder> has no end", true),
    ] {
        let session = one(&[asked("u1", None, json!("First")), asked("u2", Some("u1"), json!(content))]);
        assert_eq!(!session.messages[1].hidden, shows, "{content}");
    }
    let synthetic = json!({"model": "<synthetic>", "id": "x", "role": "assistant", "content": [{"type": "text", "text": "API Error"}]});
    let session = one(&[asked("u1", None, json!("First")), claude("a1", Some("u1"), "assistant", synthetic)]);
    assert_eq!((shown(&session), session.model), (vec![user("First")], None));
}

#[test]
fn pictures_that_a_person_showed_are_in_it() {
    let image = json!({"type": "image", "source": {"type": "base64", "media_type": "image/gif", "data": PIXEL}});
    let broken = json!({"type": "image", "source": {"type": "base64", "media_type": "image/gif", "data": "*"}});
    let session = one(&[asked("u1", None, json!([{"type": "text", "text": "See"}, image, broken]))]);
    let Part::Image { file, .. } = &session.messages[0].parts[1] else { panic!("{:?}", session.messages[0]) };
    assert_eq!((&session.embedded[0].name, session.embedded[0].media_type), (file, Some("image/gif")));
    assert!(matches!(&session.messages[0].parts[2], Part::Unknown { kind, .. } if kind == "image"));
}

#[test]
fn a_session_that_is_still_written_is_read_to_its_last_whole_line() {
    let whole = lines(&whole_session());
    let count = one(&whole_session()).messages.len();
    let read = read(&whole[..whole.len() - 40]);
    assert!(read.summary.broken.is_some());
    assert_eq!(read.transcripts[0].messages.len(), count);
}

#[test]
fn a_damaged_line_costs_nothing_but_itself() {
    let mut bytes = lines(&whole_session()[..5]);
    bytes.extend(b"{\"type\": \"user\", nonsense}\n");
    bytes.extend(lines(&whole_session()[5..]));
    let read = read(&bytes);
    assert_eq!((read.transcripts[0].messages.len(), read.skipped.len()), (one(&whole_session()).messages.len(), 1));
    assert!(read.skipped[0].reason.contains("damaged"), "{:?}", read.skipped);
}

#[test]
fn links_that_lie_cost_no_message() {
    let all = [
        asked("u1", Some("nowhere"), json!("First")),
        asked("u2", Some("u2"), json!("Second")),
        asked("u2", Some("u1"), json!("The same line again")),
        asked("u3", Some("later"), json!("Third")),
    ];
    let session = one(&all);
    assert_eq!(shown(&session), [user("First"), user("Second"), user("Third")]);
}

/// A line of a Codex session.
fn codex(kind: &str, payload: Value) -> Value {
    json!({"timestamp": "2026-01-15T12:00:00.123Z", "type": kind, "payload": payload})
}

fn item(role: &str, kind: &str, words: &str) -> Value {
    codex("response_item", json!({"type": "message", "role": role, "content": [{"type": kind, "text": words}]}))
}

fn codex_session() -> Vec<Value> {
    vec![
        codex(
            "session_meta",
            json!({"id": "019a2d7a-41c4-78b1-b7cc-a45d62a89cd5", "cwd": "/home/ada", "originator": "codex_cli_rs", "cli_version": "0.46.0", "instructions": "zanzibarquokka"}),
        ),
        item("developer", "input_text", "<permissions instructions>zanzibarquokka</permissions instructions>"),
        item("user", "input_text", "# AGENTS.md instructions for /home/ada\n\n<INSTRUCTIONS>\nzanzibarquokka\n</INSTRUCTIONS>"),
        item("user", "input_text", "<environment_context>\n  <cwd>/home/ada/zanzibarquokka</cwd>\n</environment_context>"),
        codex("turn_context", json!({"cwd": "/home/ada", "model": "gpt-5-codex", "effort": "high"})),
        item("user", "input_text", "List the files"),
        codex("event_msg", json!({"type": "user_message", "message": "List the files", "kind": "plain"})),
        codex(
            "response_item",
            json!({"type": "reasoning", "summary": [{"type": "summary_text", "text": "zanzibarquokka"}], "content": null, "encrypted_content": "gAAA"}),
        ),
        codex(
            "response_item",
            json!({"type": "function_call", "name": "shell", "arguments": "{\"command\":[\"ls\"]}", "call_id": "call_1"}),
        ),
        codex("response_item", json!({"type": "function_call_output", "call_id": "call_1", "output": "zanzibarquokka.txt"})),
        codex("event_msg", json!({"type": "token_count", "info": null})),
        codex("event_msg", json!({"type": "agent_message", "message": "There is one file."})),
        item("assistant", "output_text", "There is one file."),
        codex("response_item", json!({"type": "ghost_snapshot", "ghost_commit": {"id": "zanzibarquokka"}})),
    ]
}

#[test]
fn of_a_codex_session_only_what_was_said_shows() {
    let session = one(&codex_session());
    assert_eq!((session.source, session.source_id.as_str()), (Source::Codex, "019a2d7a-41c4-78b1-b7cc-a45d62a89cd5"));
    assert_eq!((session.model.as_deref(), session.created_at_micros), (Some("gpt-5-codex"), Some(1_768_478_400_123_000)));
    assert_eq!(shown(&session), [user("List the files"), assistant("There is one file.")]);
    let visible: Vec<_> = session.messages.iter().filter(|message| !message.hidden).collect();
    assert!(!format!("{visible:?}").contains("zanzibarquokka"));
    assert_eq!(visible[1].model.as_deref(), Some("gpt-5-codex"));
    let result = session.messages.iter().flat_map(|message| &message.parts).find(|part| matches!(part, Part::ToolResult { .. }));
    assert_eq!(result, Some(&Part::ToolResult { name: Some("shell".to_owned()), text: "zanzibarquokka.txt".to_owned() }));
}

#[test]
fn questions_that_were_taken_back_are_on_no_branch_that_is_followed() {
    let mut all = codex_session();
    all.push(item("user", "input_text", "Delete them"));
    all.push(item("assistant", "output_text", "Deleted."));
    all.push(codex("event_msg", json!({"type": "thread_rolled_back", "num_turns": 1})));
    all.push(item("user", "input_text", "Count them"));
    let session = one(&all);
    assert_eq!(shown(&session), [user("List the files"), assistant("There is one file."), user("Count them")]);
    all.push(codex("event_msg", json!({"type": "thread_rolled_back", "num_turns": u64::MAX})));
    assert_eq!(one(&all).current, None);
}

#[test]
fn what_an_editor_adds_is_not_the_person_s() {
    let words = "# Context from my IDE setup:\n\n## Open tabs:\n- zanzibarquokka.rs\n\n## My request for Codex:\nRename it\n";
    let image = json!({"type": "message", "role": "user", "content": [
        {"type": "input_text", "text": "<image>"}, {"type": "input_image", "image_url": format!("data:image/gif;base64,{PIXEL}")},
        {"type": "input_text", "text": "</image>"}, {"type": "input_text", "text": "What is this?"},
    ]});
    let mut all = codex_session();
    all.push(item("user", "input_text", words));
    all.push(codex("response_item", image));
    let session = one(&all);
    assert_eq!(shown(&session)[2], user("Rename it"));
    let last = session.messages.last().unwrap();
    assert!(matches!(&last.parts[..], [Part::Image { .. }, Part::Text { text }] if text == "What is this?"), "{last:?}");
    assert_eq!(session.embedded.len(), 1);
}

#[test]
fn a_codex_session_of_the_first_versions_is_read() {
    let bare = |line: Value| line["payload"].clone();
    let mut all =
        vec![json!({"id": "5973b6c0-94b8-487b-a530-2aeb6098ae0e", "timestamp": "2025-05-07T17:24:21.123Z", "instructions": null})];
    all.push(json!({"record_type": "state"}));
    all.extend(codex_session().into_iter().filter(|line| line["type"] == "response_item").map(bare));
    let session = one(&all);
    assert_eq!((session.source, session.source_id.as_str()), (Source::Codex, "5973b6c0-94b8-487b-a530-2aeb6098ae0e"));
    assert_eq!(shown(&session), [user("List the files"), assistant("There is one file.")]);
}

#[test]
fn a_session_in_which_nobody_speaks_and_one_that_is_too_long_are_left_out() {
    let read = read_lines(&codex_session()[..1]);
    assert_eq!((read.transcripts.len(), read.skipped[0].reason.as_str()), (0, "Nobody says anything in this session."));
    let limits = Limits { max_conversation_bytes: 1_000, ..Limits::default() };
    let read = try_read(&lines(&whole_session()), &limits).unwrap();
    assert!(read.transcripts.is_empty() && read.skipped[0].reason.ends_with("at most 1000 are read."), "{:?}", read.skipped);
}

#[test]
fn a_file_that_grew_keeps_the_ids_of_what_was_there() {
    let ids = |all: &[Value]| one(all).messages.into_iter().map(|message| message.source_id).collect::<Vec<_>>();
    for all in [whole_session(), codex_session()] {
        let (before, after) = (ids(&all[..all.len() - 3]), ids(&all));
        assert_eq!(before[..], after[..before.len()]);
    }
}

#[test]
fn hostile_lines_are_read_in_time_and_break_nothing() {
    let deep = format!(
        "{{\"type\": \"user\", \"sessionId\": \"s\", \"message\": {{\"content\": {}1{}}}}}\n",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let mut bytes = lines(&whole_session());
    bytes.extend(deep.as_bytes());
    bytes.extend(lines(&[
        json!([]),
        json!({"type": 5}),
        json!({"type": "user", "message": {"content": 5}}),
        json!({"type": "user", "message": 5}),
    ]));
    assert_eq!(read(&bytes).transcripts.len(), 1);
    // One go of very many blocks, none of which is shown.
    let mut all = vec![asked("b0", None, json!("First"))];
    let tool = |number: usize| json!({"type": "tool_use", "id": number.to_string(), "name": "x", "input": {}});
    all.extend((1..30_000).map(|number| wrote(&format!("b{number}"), &format!("b{}", number - 1), "msg_1", tool(number))));
    all.push(asked("end", Some("b29999"), json!("<system-reminder>".repeat(10_000))));
    let began = std::time::Instant::now();
    assert_eq!(one(&all).messages.len(), 3);
    assert!(began.elapsed().as_secs() < 60);
}
