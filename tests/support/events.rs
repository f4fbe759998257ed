//! A window that listens to its conversation, and what its script would draw of what it is told.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use reqwest::Method;
use serde_json::Value;

use super::client::Client;

/// How long a test waits for an event before it gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// An open line of server-sent events.
pub(crate) struct Line {
    bytes: BoxStream<'static, reqwest::Result<axum::body::Bytes>>,
    buffer: Vec<u8>,
}

/// An event that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) data: Value,
}

impl Client {
    /// Opens a line, as an `EventSource` does, which tells after a cut how far it came.
    pub(crate) async fn listen(&self, path: &str, last_event_id: &str) -> Line {
        let mut request = self.request(Method::GET, path).header("accept", "text/event-stream").header("sec-fetch-dest", "empty");
        if !last_event_id.is_empty() {
            request = request.header("last-event-id", last_event_id);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Line { bytes: response.bytes_stream().boxed(), buffer: Vec::new() }
    }
}

impl Line {
    /// The next event, or `None` at the end of the line.
    pub(crate) async fn next(&mut self) -> Option<Told> {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("an event was waited for in vain")
    }

    /// The next event of this name; those before it are left out.
    pub(crate) async fn find(&mut self, name: &str) -> Told {
        loop {
            let told = self.next().await.unwrap_or_else(|| panic!("the line ended before {name}"));
            if told.name == name {
                return told;
            }
        }
    }

    /// Waits until the line ends; answers the names of the events before.
    pub(crate) async fn end(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Some(told) = self.next().await {
            names.push(told.name);
        }
        names
    }

    async fn read(&mut self) -> Option<Told> {
        loop {
            while let Some(end) = self.buffer.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
                if let Some(told) = parse(std::str::from_utf8(&block).unwrap()) {
                    return Some(told);
                }
            }
            // A line that is cut off ends for a browser too.
            self.buffer.extend_from_slice(&self.bytes.next().await?.ok()?);
        }
    }
}

fn parse(block: &str) -> Option<Told> {
    let field = |name: &str| block.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect::<Vec<_>>().join("\n");
    let name = field("event");
    (!name.is_empty()).then(|| Told { name, id: field("id"), data: serde_json::from_str(&field("data")).unwrap() })
}

/// One kind of text on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Kind {
    finished: Vec<String>,
    tail: String,
}

/// The row of the answer, as a page's script draws it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Drawn {
    pub(crate) message: String,
    /// What the page would say on opening a line.
    pub(crate) have: String,
    reasoning: Kind,
    text: Kind,
    /// The row as it is from now on.
    pub(crate) ended: Option<String>,
}

impl Drawn {
    /// From a page or from turns: the running answer in it.
    pub(crate) fn from_page(html: &str) -> Self {
        let Some(row) = html.split("data-running=\"").nth(1) else { return Self::default() };
        let attribute = |name: &str| row.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let kind = |mark: &str, end: &str| {
            let (finished, tail) = row.split(mark).nth(1).unwrap().split_once("<!--tail-->").unwrap();
            Kind { finished: vec![finished.to_owned()], tail: tail.split(end).next().unwrap().to_owned() }
        };
        Self {
            message: row.split('"').next().unwrap().to_owned(),
            have: attribute("data-have"),
            reasoning: kind("<div class=\"within prose\" dir=\"auto\">", "</div></details>"),
            text: kind("data-live=\"text\">", "</div></div>"),
            ended: None,
        }
    }

    /// Draws an event.
    pub(crate) fn draw(&mut self, told: &Told) {
        match told.name.as_str() {
            "said" => *self = Self::from_page(told.data["html"].as_str().unwrap()),
            "more" => {
                assert_eq!(told.data["message"], *self.message, "told of another answer");
                let kind = if told.data["part"] == "reasoning" { &mut self.reasoning } else { &mut self.text };
                let finished: Vec<String> = serde_json::from_value(told.data["finished"].clone()).unwrap();
                if !finished.is_empty() {
                    kind.tail.clear();
                }
                kind.finished.extend(finished);
                if let Some(tail) = told.data["tail"].as_str() {
                    tail.clone_into(&mut kind.tail);
                }
                if let Some(code) = told.data["code"].as_str() {
                    let at = kind.tail.rfind("</code>").expect("code for a tail without a block of it");
                    kind.tail.insert_str(at, code);
                }
                self.have.clone_from(&told.id);
            }
            "end" => self.ended = Some(told.data["html"].as_str().unwrap().to_owned()),
            _ => (),
        }
    }

    /// The answer's markup.
    pub(crate) fn text(&self) -> String {
        self.text.finished.concat() + self.text.tail.as_str()
    }

    /// What the model thought before.
    pub(crate) fn reasoning(&self) -> String {
        self.reasoning.finished.concat() + self.reasoning.tail.as_str()
    }

    /// Listens until this is so.
    pub(crate) async fn until(&mut self, line: &mut Line, is_so: impl Fn(&Self) -> bool) {
        while !is_so(self) {
            let told = line.next().await.expect("the line ended too early");
            self.draw(&told);
        }
    }
}
