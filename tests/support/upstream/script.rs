//! What the scripted provider answers, as data.

use std::time::Duration;

/// One answer: steps in their order, and how their bytes are cut into packets.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) steps: Vec<Step>,
    /// The most bytes in one packet.
    pub(crate) packet: usize,
    /// Before the first byte of the answer, its head included.
    pub(crate) hold_head: bool,
}

/// A thing that happens in an answer.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// More text.
    Text(String),
    /// More of what the model thinks.
    Reasoning(String),
    /// A picture: media type and bytes.
    Image(&'static str, Vec<u8>),
    /// A call of a program.
    ToolCall(Tool),
    /// An error in the middle of the stream, as this provider tells it.
    Error(String),
    /// The regular end, with the provider's word for why (`stop`, `length`, `filtered`) and tokens read and written.
    End(&'static str, u32, u32),
    /// Bytes as they are.
    Raw(Vec<u8>),
    /// Nothing for a while.
    Wait(Duration),
    /// Nothing until [`super::Upstream::release`].
    Hold,
    /// Nothing ever again, with the connection open.
    Stall,
    /// The connection is reset.
    Reset,
}

/// A call whose arguments arrive in fragments (whole, where the wire format knows no fragments).
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) fragments: Vec<&'static str>,
}

impl Script {
    /// Streams these steps.
    pub(crate) fn of(steps: Vec<Step>) -> Self {
        Self { status: 200, headers: Vec::new(), steps, packet: usize::MAX, hold_head: false }
    }

    /// Says this, a word at a time, and ends well.
    pub(crate) fn says(text: &str) -> Self {
        let mut steps: Vec<Step> = text.split_inclusive(' ').map(|word| Step::Text(word.to_owned())).collect();
        steps.push(Step::End("stop", 11, 7));
        Self::of(steps)
    }

    /// Refuses with a status, and the body that providers send with it.
    pub(crate) fn refuses(status: u16, message: &str) -> Self {
        let body = serde_json::json!({"error": {"message": message, "type": "error", "code": status}});
        Self { status, ..Self::raw("application/json", &body.to_string()) }
    }

    /// Answers 200 with this body.
    pub(crate) fn raw(content_type: &str, body: &str) -> Self {
        Self { headers: vec![("content-type", content_type.to_owned())], ..Self::of(vec![Step::Raw(body.into())]) }
    }

    /// This many bytes of tokens of four letters and a space.
    pub(crate) fn bytes(count: usize) -> Self {
        let mut steps = vec![Step::Text("word ".repeat(20)); count / 100];
        steps.push(Step::End("stop", 11, 7));
        Self::of(steps)
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// In packets of at most this many bytes.
    pub(crate) fn in_packets_of(self, packet: usize) -> Self {
        Self { packet, ..self }
    }

    /// Stands still before this step (counted from 0) until it is released.
    pub(crate) fn hold_before(mut self, step: usize) -> Self {
        self.steps.insert(step, Step::Hold);
        self
    }

    /// Stands still before even the head of the answer, until it is released.
    pub(crate) fn hold_head(self) -> Self {
        Self { hold_head: true, ..self }
    }

    /// Stands still before each step until it is released: a test decides when each piece comes.
    pub(crate) fn step_by_step(mut self) -> Self {
        self.steps = self.steps.into_iter().flat_map(|step| [Step::Hold, step]).collect();
        self
    }

    /// Waits this long before each step.
    pub(crate) fn paced(mut self, every: Duration) -> Self {
        self.steps = self.steps.into_iter().flat_map(|step| [Step::Wait(every), step]).collect();
        self
    }

    /// These steps in place of everything from step `from` on (counted from 0).
    pub(crate) fn then_instead(mut self, from: usize, steps: Vec<Step>) -> Self {
        self.steps.truncate(from);
        self.steps.extend(steps);
        self
    }
}
