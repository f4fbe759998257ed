//! What of a file becomes public when it is shared. It is cut out before it is shown to its owner, asked about, stored
//! or sent anywhere: what visitors never see doesn't leave the file.

use std::collections::HashSet;
use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use takeback_transcripts::{EmbeddedFile, Message, Part, Role, Transcript};

use super::snapshot::visible;
use crate::conversations::create::role_name;

/// A conversation, cut down to what visitors will see.
#[derive(Clone, Debug)]
pub struct Public {
    /// One line of messages, all of them visible.
    pub transcript: Transcript,
    /// What was in the file besides.
    pub left_out: LeftOut,
}

/// How much of what is not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Messages of other branches.
    pub elsewhere: usize,
    /// Instructions to the model, and other messages that the program they come from doesn't show.
    pub hidden: usize,
    /// What the model thought.
    pub thoughts: usize,
    /// Calls of programs, and what they answered.
    pub tools: usize,
    /// Attached files whose names are shown, but not what stands in them.
    pub file_contents: usize,
}

impl Public {
    /// Cuts out the branch that was open. Consecutive answers of one model become one message: between them stood
    /// what it did, and that is not shown.
    pub fn of(mut transcript: Transcript) -> Self {
        let branch = transcript.current_branch();
        let mut left_out = LeftOut { elsewhere: transcript.messages.len() - branch.len(), ..LeftOut::default() };
        let mut all: Vec<Option<Message>> = transcript.messages.into_iter().map(Some).collect();
        let mut messages: Vec<Message> = Vec::new();
        for message in branch.into_iter().filter_map(|at| all.get_mut(at)?.take()) {
            left_out.count(&message);
            if message.hidden || message.role == Role::System {
                continue;
            }
            let parts: Vec<Part> = message.parts.into_iter().filter_map(visible).collect();
            if parts.is_empty() {
                continue;
            }
            match messages.last_mut() {
                Some(last) if message.role == Role::Assistant && last.role == message.role && last.model == message.model => {
                    last.parts.extend(parts);
                }
                _ => messages.push(Message { parent: messages.len().checked_sub(1), hidden: false, parts, ..message }),
            }
        }
        let shown: HashSet<&str> = messages.iter().flat_map(|message| &message.parts).filter_map(picture).collect();
        transcript.embedded.retain(|file| shown.contains(file.name.as_str()));
        transcript.current = messages.len().checked_sub(1);
        transcript.messages = messages;
        Self { transcript, left_out }
    }

    /// The messages in the Chat Completions form, for a server elsewhere. Pictures are in them; what that form has no
    /// place for becomes words.
    pub fn as_messages(&self) -> Value {
        let message = |message: &Message| {
            let parts: Vec<Value> = message.parts.iter().map(|part| self.content(part)).collect();
            let content = match parts.as_slice() {
                [only] if only["type"] == "text" => only["text"].clone(),
                _ => Value::Array(parts),
            };
            json!({"role": role_name(message.role), "content": content})
        };
        self.transcript.messages.iter().map(message).collect()
    }

    fn content(&self, part: &Part) -> Value {
        let text = |text: String| json!({"type": "text", "text": text});
        match part {
            Part::Text { text: words } => text(words.clone()),
            Part::Image { file, .. } => match self.transcript.embedded.iter().find(|embedded| embedded.name == *file) {
                Some(EmbeddedFile { media_type: Some(media_type), bytes, .. }) => {
                    json!({"type": "image_url", "image_url": {"url": format!("data:{media_type};base64,{}", BASE64_STANDARD.encode(bytes))}})
                }
                _ => text("*A picture that is not in the file.*".to_owned()),
            },
            Part::Document { title, language, text: words } => match language.as_deref() {
                None | Some("markdown") => text(format!("**{title}**\n\n{words}")),
                Some(language) => text(format!("**{title}**\n\n{}", fenced(language, words))),
            },
            Part::File { name, .. } => text(format!("*Attached:* {}", fenced("", name))),
            _ => text("*Something that can’t be shown here.*".to_owned()),
        }
    }
}

/// A block of code, whatever stands in it.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let language: String = language.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-')).collect();
    format!("\n\n{fence}{language}\n{text}\n{fence}")
}

/// The file of a picture.
pub fn picture(part: &Part) -> Option<&str> {
    if let Part::Image { file, .. } = part { Some(file) } else { None }
}

impl LeftOut {
    fn count(&mut self, message: &Message) {
        let (thoughts, tools) = (self.thoughts, self.tools);
        for part in &message.parts {
            match part {
                Part::Reasoning { .. } => self.thoughts += 1,
                Part::ToolCall { .. } | Part::ToolResult { .. } => self.tools += 1,
                Part::File { text: Some(_), .. } | Part::File { file: Some(_), .. } => self.file_contents += 1,
                _ => (),
            }
        }
        let hidden = message.hidden || message.role == Role::System;
        // What is counted by its parts is not counted once more.
        if hidden && !message.parts.is_empty() && (thoughts, tools) == (self.thoughts, self.tools) {
            self.hidden += 1;
        }
    }
}

/// "2 hidden messages, 45 tool calls and results"; empty if nothing was left out.
impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = [
            (self.hidden, "instruction or hidden message", "instructions and hidden messages"),
            (self.thoughts, "thought of the model", "thoughts of the model"),
            (self.tools, "tool call or result", "tool calls and results"),
            (self.elsewhere, "message of another branch", "messages of other branches"),
            (self.file_contents, "attached file’s content", "attached files’ contents"),
        ];
        let words = counted.into_iter().filter(|(count, ..)| *count > 0);
        let words: Vec<String> = words.map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many })).collect();
        f.write_str(&words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use takeback_transcripts::Source;

    use super::*;

    fn message(role: Role, hidden: bool, parts: Vec<Part>) -> Message {
        Message { source_id: String::new(), parent: None, role, model: None, created_at_micros: None, hidden, parts }
    }

    fn line(mut messages: Vec<Message>) -> Transcript {
        for (at, message) in messages.iter_mut().enumerate() {
            message.parent = at.checked_sub(1);
            message.source_id = format!("m{at}");
        }
        Transcript {
            source: Source::ChatCompletions,
            source_id: "c".to_owned(),
            prior_source_ids: Vec::new(),
            title: None,
            created_at_micros: None,
            updated_at_micros: None,
            model: None,
            current: messages.len().checked_sub(1),
            messages,
            embedded: ["shown", "secret"]
                .map(|name| EmbeddedFile { name: name.to_owned(), media_type: Some("image/png"), bytes: vec![1] })
                .into(),
        }
    }

    fn text(text: &str) -> Part {
        Part::Text { text: text.to_owned() }
    }

    fn image(file: &str) -> Part {
        Part::Image { file: file.to_owned(), alt: None, width: None, height: None }
    }

    #[test]
    fn only_what_visitors_see_is_in_it() {
        let call = Part::ToolCall { name: "Read".to_owned(), arguments: "zanzibarquokka".to_owned() };
        let result = Part::ToolResult { name: None, text: "zanzibarquokka".to_owned() };
        let file = Part::File { file: None, name: "notes.txt".to_owned(), media_type: None, text: Some("zanzibarquokka".to_owned()) };
        let all = line(vec![
            message(Role::System, true, vec![text("zanzibarquokka")]),
            message(Role::User, false, vec![text("Question"), image("shown"), file]),
            message(Role::Assistant, false, vec![Part::Reasoning { text: "zanzibarquokka".to_owned() }, text("First"), call]),
            message(Role::Tool, true, vec![result, image("secret")]),
            message(Role::Assistant, false, vec![text("Second")]),
            message(Role::User, true, vec![text("zanzibarquokka")]),
        ]);
        let public = Public::of(all);
        let shape: Vec<(Role, usize, Option<usize>)> =
            public.transcript.messages.iter().map(|message| (message.role, message.parts.len(), message.parent)).collect();
        assert_eq!(shape, [(Role::User, 3, None), (Role::Assistant, 2, Some(0))]);
        assert_eq!(public.transcript.embedded.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["shown"]);
        assert!(!format!("{:?}", public.transcript).contains("zanzibarquokka"));
        let words = "2 instructions and hidden messages, 1 thought of the model, 2 tool calls and results, 1 attached file’s content";
        assert_eq!(public.left_out.to_string(), words);
    }

    #[test]
    fn a_program_elsewhere_gets_the_same_in_its_own_form() {
        let file = Part::File { file: None, name: "a`b.txt".to_owned(), media_type: None, text: None };
        let document = Part::Document { title: "Plan".to_owned(), language: Some("rust".to_owned()), text: "```".to_owned() };
        let public = Public::of(line(vec![
            message(Role::User, false, vec![text("Question"), image("shown"), image("missing")]),
            message(Role::Assistant, false, vec![text("Answer")]),
            message(Role::User, false, vec![file, document]),
        ]));
        let expected = json!([
            {"role": "user", "content": [
                {"type": "text", "text": "Question"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AQ=="}},
                {"type": "text", "text": "*A picture that is not in the file.*"},
            ]},
            {"role": "assistant", "content": "Answer"},
            {"role": "user", "content": [
                {"type": "text", "text": "*Attached:* \n\n```\na`b.txt\n```"},
                {"type": "text", "text": "**Plan**\n\n\n\n````rust\n```\n````"},
            ]},
        ]);
        assert_eq!(public.as_messages(), expected);
    }

    #[test]
    fn a_line_of_words_loses_nothing() {
        let talk = line(vec![message(Role::User, false, vec![text("a")]), message(Role::Assistant, false, vec![text("b")])]);
        let public = Public::of(talk.clone());
        assert_eq!((public.transcript.messages, public.left_out), (talk.messages, LeftOut::default()));
        assert_eq!(LeftOut::default().to_string(), "");
    }
}
