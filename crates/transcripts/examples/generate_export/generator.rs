//! Makes a `ChatGPT` export that looks like a real one: for measuring, never for testing correctness.

use std::fmt::Write as _;
use std::io::{self, Write};

const WORDS: [&str; 48] = [
    "the",
    "model",
    "answer",
    "with",
    "a",
    "table",
    "of",
    "results",
    "that",
    "you",
    "can",
    "sort",
    "by",
    "date",
    "when",
    "server",
    "returns",
    "an",
    "error",
    "first",
    "check",
    "whether",
    "your",
    "query",
    "uses",
    "index",
    "because",
    "otherwise",
    "every",
    "row",
    "is",
    "read",
    "from",
    "disk",
    "travel",
    "recipe",
    "Berlin",
    "weather",
    "for",
    "next",
    "week",
    "looks",
    "mild",
    "and",
    "dry",
    "function",
    "caf\\u00e9",
    "na\\u00efve",
];
const PROSE_ENDS: [&str; 4] = [". ", ".\\n\\n", "? ", ", \\ud83d\\ude42 "];
const CODE: &str = "\\n\\n```python\\ndef total(rows):\\n    \\\"\\\"\\\"Sum of the second column.\\\"\\\"\\\"\\n    return sum(float(row[1]) for row in rows if row[1] != \\\"\\\")\\n```\\n\\n";

/// What [`write_export`] wrote.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Conversations.
    pub(crate) conversations: u64,
    /// Messages, hidden ones included.
    pub(crate) messages: u64,
    /// Bytes.
    pub(crate) bytes: u64,
}

/// Writes the `conversations.json` of a `ChatGPT` export of at least `min_bytes`, ending after the
/// conversation that reaches them. The same seed and size give the same bytes.
///
/// Conversations have 2 to 40 turns of 20 to 400 words, in ASCII with `\u` escapes as the real ones; one
/// in eight turns was regenerated (a branch), one in ten used web search (tool messages, citations).
///
/// # Errors
/// Those of `out`.
pub(crate) fn write_export(out: &mut dyn Write, min_bytes: u64, seed: u64) -> io::Result<Written> {
    let mut random = Random(seed);
    let mut written = Written { conversations: 0, messages: 0, bytes: 2 };
    out.write_all(b"[")?;
    while written.bytes < min_bytes || written.conversations == 0 {
        let mut json = String::new();
        if written.conversations > 0 {
            json.push(',');
        }
        written.messages += conversation(&mut json, &mut random, written.conversations);
        written.conversations += 1;
        written.bytes += json.len() as u64;
        out.write_all(json.as_bytes())?;
    }
    out.write_all(b"]")?;
    Ok(written)
}

/// Splitmix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let end = u64::try_from(from.len()).unwrap_or(1);
        let index = usize::try_from(self.below(end)).unwrap_or_default();
        from.get(index).copied().unwrap_or_default()
    }

    fn id(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        let hex = format!("{high:016x}{low:016x}");
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }
}

/// A node of the mapping while it is made.
struct Node {
    id: String,
    parent: Option<usize>,
    message: String,
}

fn conversation(json: &mut String, random: &mut Random, number: u64) -> u64 {
    let began = 1_690_000_000 + number * 3600;
    let mut nodes = vec![Node { id: random.id(), parent: None, message: "null".to_owned() }];
    let system = "{\"id\":\"ID\",\"author\":{\"role\":\"system\",\"name\":null,\"metadata\":{}},\"create_time\":null,\"update_time\":null,\"content\":{\"content_type\":\"text\",\"parts\":[\"\"]},\"status\":\"finished_successfully\",\"end_turn\":true,\"weight\":0.0,\"metadata\":{\"is_visually_hidden_from_conversation\":true},\"recipient\":\"all\",\"channel\":null}";
    let mut last = add(&mut nodes, random, 0, system);
    for turn in 0..2 + random.below(39) {
        let at = began + turn * 90;
        let words = 20 + random.below(60);
        let question = text(random, words);
        last = add(&mut nodes, random, last, &message("user", "all", at, &question, "\"timestamp_\":\"absolute\""));
        if random.below(10) == 0 {
            let search = "{\"id\":\"ID\",\"author\":{\"role\":\"assistant\",\"name\":null,\"metadata\":{}},\"create_time\":1700000000.5,\"update_time\":null,\"content\":{\"content_type\":\"code\",\"language\":\"unknown\",\"text\":\"search(\\\"weather next week\\\")\"},\"status\":\"finished_successfully\",\"end_turn\":false,\"weight\":1.0,\"metadata\":{\"model_slug\":\"gpt-4o\"},\"recipient\":\"browser\",\"channel\":null}";
            last = add(&mut nodes, random, last, search);
            let found = text(random, 300);
            last = add(&mut nodes, random, last, &message("tool", "all", at + 5, &found, "\"command\":\"search\""));
        }
        let regenerated = if random.below(8) == 0 { 2 } else { 1 };
        let question_node = last;
        for _ in 0..regenerated {
            let words = 20 + random.below(380);
            let mut answer = text(random, words);
            if random.below(3) == 0 {
                answer.push_str(CODE);
            }
            last = add(&mut nodes, random, question_node, &message("assistant", "all", at + 30, &answer, ANSWER_METADATA));
        }
    }
    let conversation_id = random.id();
    let title = text(random, 5);
    // Writing to a String cannot fail.
    let _ = write!(json, "{{\"title\":\"{title}\",\"create_time\":{began}.123456,\"update_time\":{}.5,\"mapping\":{{", began + 3000);
    for (index, node) in nodes.iter().enumerate() {
        let children: Vec<String> =
            nodes.iter().filter(|child| child.parent == Some(index)).map(|child| format!("\"{}\"", child.id)).collect();
        let parent = node.parent.map_or_else(|| "null".to_owned(), |parent| format!("\"{}\"", nodes[parent].id));
        let comma = if index == 0 { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(
            json,
            "{comma}\"{id}\":{{\"id\":\"{id}\",\"message\":{},\"parent\":{parent},\"children\":[{}]}}",
            node.message.replace("\"ID\"", &format!("\"{}\"", node.id)),
            children.join(","),
            id = node.id,
        );
    }
    // Writing to a String cannot fail.
    let _ = write!(
        json,
        "}},\"moderation_results\":[],\"current_node\":\"{}\",\"plugin_ids\":null,\"conversation_id\":\"{conversation_id}\",\"conversation_template_id\":null,\"gizmo_id\":null,\"is_archived\":false,\"safe_urls\":[],\"default_model_slug\":\"gpt-4o\",\"id\":\"{conversation_id}\"}}",
        nodes[last].id
    );
    u64::try_from(nodes.len() - 1).unwrap_or_default()
}

const ANSWER_METADATA: &str = "\"finish_details\":{\"type\":\"stop\",\"stop_tokens\":[200002]},\"is_complete\":true,\"citations\":[],\"content_references\":[],\"message_type\":\"next\",\"model_slug\":\"gpt-4o\",\"default_model_slug\":\"gpt-4o\",\"pad\":\"AAAAAAAAAAAAAAAAAAAAAAAA\",\"request_id\":\"8f1e3a2b4c5d6e7f\",\"timestamp_\":\"absolute\"";

fn add(nodes: &mut Vec<Node>, random: &mut Random, parent: usize, message: &str) -> usize {
    nodes.push(Node { id: random.id(), parent: Some(parent), message: message.to_owned() });
    nodes.len() - 1
}

fn message(role: &str, recipient: &str, at: u64, text: &str, metadata: &str) -> String {
    format!(
        "{{\"id\":\"ID\",\"author\":{{\"role\":\"{role}\",\"name\":null,\"metadata\":{{}}}},\"create_time\":{at}.654321,\"update_time\":null,\"content\":{{\"content_type\":\"text\",\"parts\":[\"{text}\"]}},\"status\":\"finished_successfully\",\"end_turn\":true,\"weight\":1.0,\"metadata\":{{{metadata}}},\"recipient\":\"{recipient}\",\"channel\":null}}"
    )
}

/// So many words as the inside of a JSON string.
fn text(random: &mut Random, words: u64) -> String {
    let mut text = String::new();
    for word in 0..words {
        text.push_str(random.pick(&WORDS));
        text.push_str(if word % 12 == 11 { random.pick(&PROSE_ENDS) } else { " " });
    }
    text
}
