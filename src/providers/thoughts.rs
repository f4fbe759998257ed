//! Servers that know nothing of reasoning send it as text between `<think>` and `</think>` at the beginning of an
//! answer. It is told apart here, wherever the packets' borders fall.

use super::provider::Piece;

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// Where in an answer we are.
pub(super) struct Thoughts {
    state: State,
    /// Text that may be the beginning of a tag.
    held: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing but white space so far.
    Beginning,
    Thinking,
    /// The answer itself begins behind white space.
    Between,
    Answering,
}

impl Thoughts {
    /// `looks`: whether tags are looked for at all.
    pub(super) fn new(looks: bool) -> Self {
        Self { state: if looks { State::Beginning } else { State::Answering }, held: String::new() }
    }

    /// Takes more text; answers what can be handed out.
    pub(super) fn take(&mut self, text: String) -> Vec<Piece> {
        if self.state == State::Answering {
            return vec![Piece::Text(text)];
        }
        self.held.push_str(&text);
        let mut pieces = Vec::new();
        while self.step(&mut pieces) {}
        pieces
    }

    /// What was held back when the answer ended.
    pub(super) fn rest(&mut self) -> Vec<Piece> {
        let held = std::mem::take(&mut self.held);
        match self.state {
            _ if held.is_empty() => Vec::new(),
            State::Thinking => vec![Piece::Reasoning(held)],
            _ => vec![Piece::Text(held)],
        }
    }

    /// Answers whether there may be more to do.
    fn step(&mut self, pieces: &mut Vec<Piece>) -> bool {
        match self.state {
            State::Beginning => {
                let begun = self.held.trim_start();
                if let Some(rest) = begun.strip_prefix(OPEN) {
                    self.held = rest.to_owned();
                    self.state = State::Thinking;
                } else if !OPEN.starts_with(begun) {
                    self.state = State::Answering;
                } else {
                    return false;
                }
                true
            }
            State::Thinking => {
                if let Some((thought, rest)) = self.held.split_once(CLOSE) {
                    if !thought.is_empty() {
                        pieces.push(Piece::Reasoning(thought.to_owned()));
                    }
                    self.held = rest.to_owned();
                    self.state = State::Between;
                    return true;
                }
                let kept = (1..CLOSE.len()).rev().find(|length| self.held.ends_with(&CLOSE[..*length])).unwrap_or(0);
                let given = self.held.len() - kept;
                if given > 0 {
                    pieces.push(Piece::Reasoning(self.held.drain(..given).collect()));
                }
                false
            }
            State::Between => {
                self.held = self.held.trim_start().to_owned();
                if self.held.is_empty() {
                    return false;
                }
                self.state = State::Answering;
                true
            }
            State::Answering => {
                if !self.held.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut self.held)));
                }
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_apart(packets: &[&str]) -> (String, String) {
        let mut thoughts = Thoughts::new(true);
        let mut pieces: Vec<Piece> = packets.iter().flat_map(|packet| thoughts.take((*packet).to_owned())).collect();
        pieces.extend(thoughts.rest());
        let mut both = (String::new(), String::new());
        for piece in pieces {
            match piece {
                Piece::Reasoning(text) => both.0.push_str(&text),
                Piece::Text(text) => both.1.push_str(&text),
                _ => unreachable!(),
            }
        }
        both
    }

    #[test]
    fn thoughts_are_told_from_the_answer_wherever_the_packets_end() {
        let whole = "\n<think>Is <b> a </thin tag?</think>\n\nNo. <think> here is text.";
        let expected = ("Is <b> a </thin tag?".to_owned(), "No. <think> here is text.".to_owned());
        assert_eq!(told_apart(&[whole]), expected);
        let letters: Vec<String> = whole.chars().map(String::from).collect();
        assert_eq!(told_apart(&letters.iter().map(String::as_str).collect::<Vec<_>>()), expected);
        assert_eq!(told_apart(&["  <th", "is> is text"]), (String::new(), "  <this> is text".to_owned()));
        assert_eq!(told_apart(&["<think>never done"]), ("never done".to_owned(), String::new()));
        assert_eq!(told_apart(&["<thi"]), (String::new(), "<thi".to_owned()));
    }
}
