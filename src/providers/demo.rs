//! The model that is always there. It is no AI, and says so: it shows what an answer looks like here before a model is
//! connected, with no network and no key. The same question gets the same answer.

use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};

use super::provider::{EndReason, Failure, Listed, Piece, Provider, Question, Usage};

/// The name of its one model.
pub const MODEL: &str = "demo";

/// The usual time from word to word.
pub const PACE: Duration = Duration::from_millis(22);

/// Answers without a model.
#[derive(Clone, Copy, Debug)]
pub struct Demo {
    /// The time from word to word.
    pub pace: Duration,
}

impl Provider for Demo {
    fn answer(&self, question: Question) -> BoxStream<'static, Result<Piece, Failure>> {
        // What the person wrote is only looked at, never said again.
        let asked = question.turns.last().map(|turn| turn.text.to_lowercase()).unwrap_or_default();
        let pieces = pieces(&asked);
        let pace = self.pace;
        stream::iter(pieces)
            .then(move |piece| async move {
                if !pace.is_zero() {
                    tokio::time::sleep(pace).await;
                }
                Ok(piece)
            })
            .boxed()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Listed>, Failure>> {
        async { Ok(vec![Listed { name: MODEL.to_owned(), context_tokens: None, takes_images: Some(true) }]) }.boxed()
    }
}

fn pieces(asked: &str) -> Vec<Piece> {
    let text = text(asked);
    let words = |text: &'static str| text.split_inclusive(' ').map(str::to_owned);
    let mut pieces: Vec<Piece> = words(REASONING).map(Piece::Reasoning).collect();
    pieces.extend(text.iter().flat_map(|part| words(part)).map(Piece::Text));
    let count = |text: &str| i64::try_from(text.split_whitespace().count()).unwrap_or(0);
    let usage = Usage { input_tokens: count(asked), output_tokens: text.iter().map(|part| count(part)).sum() };
    pieces.push(Piece::End { reason: EndReason::Complete, usage: Some(usage) });
    pieces
}

/// What it says about a question with these words in it.
fn text(asked: &str) -> Vec<&'static str> {
    let asks = |words: &[&str]| words.iter().any(|word| asked.contains(word));
    let topics: [(&[&str], &'static str); 5] = [
        (&["code", "program", "function", "python", "rust"], CODE),
        (&["table", "compare"], TABLE),
        (&["math", "formula", "equation"], MATH),
        (&["list", "steps", "plan"], LIST),
        (&["long", "story", "essay"], LONG),
    ];
    let mut parts = vec![INTRODUCTION];
    parts.extend(topics.iter().filter(|(words, _)| asks(words)).map(|(_, part)| *part));
    if parts.len() == 1 {
        parts.push(WISHES);
    }
    parts.push(CONNECT);
    parts
}

const REASONING: &str = "No model is connected, so nothing is thought here. A model’s reasoning would stand in this place, folded away.";

const INTRODUCTION: &str = "I am the **demo**, not an AI: a few sentences that somebody wrote beforehand. I don’t understand your \
                            message, but I show what an answer looks like here.\n\n";

const WISHES: &str = "Ask for *code*, a *table*, some *math*, a *list* or something *long*, and you see one. Everything else works \
                      as it will with a model: stop an answer, ask again, edit your message, share the conversation and take it \
                      back.\n\n";

const CODE: &str = "Code comes with its language and a button that copies it:\n\n\
```python\ndef mean(values):\n    \"\"\"The arithmetic mean of at least one number.\"\"\"\n    return sum(values) / len(values)\n\n\n\
print(mean([2, 3, 7]))  # 4.0\n```\n\n";

const TABLE: &str = "A table keeps its columns:\n\n\
| Tea | Water | Time |\n|:--|--:|--:|\n| Green | 75 °C | 2 min |\n| Black | 95 °C | 4 min |\n| Rooibos | 100 °C | 6 min |\n\n";

const MATH: &str = "Math is set as math: the mean is $\\bar x = \\frac{1}{n} \\sum_{i=1}^{n} x_i$, and\n\n\
$$\\int_{-\\infty}^{\\infty} e^{-x^2} \\, dx = \\sqrt{\\pi}.$$\n\n";

const LIST: &str = "A list may hold others:\n\n1. Connect a model.\n2. Ask it something.\n   - Attach a picture, if it takes them.\n   \
                    - Edit your message, and ask again.\n3. Share what came of it.\n\n";

const LONG: &str = "## Something long\n\n\
A long answer arrives as it is written. You can read its beginning while its end is still on the way, scroll back without being \
pulled down again, or stop it where you have read enough.\n\n\
### What happens meanwhile\n\n\
The server asks the model and keeps what it says, so the answer does not depend on this window. Close it, and the answer goes on. \
Open the conversation in a second window, and both show the same. Reload the page in the middle of a sentence, and the sentence \
goes on where it was.\n\n\
### What happens if something breaks\n\n\
If the model stops answering, what it said stays, and a line below says what happened and offers another try. If the server is \
restarted, no half answer looks like a whole one.\n\n\
> Nothing that was said is lost by a reload, a closed window or a restart.\n\n\
That is all there is to say about it, and it took a while on purpose.\n\n";

const CONNECT: &str = "**To connect a model**, an administrator opens *Settings › Models* and adds a provider: OpenAI, Anthropic, \
                       Gemini, Ollama, or any server that speaks OpenAI’s format. Or start the server with `OPENAI_API_KEY`, \
                       `ANTHROPIC_API_KEY` or `GEMINI_API_KEY` set; an Ollama on the same machine is found by itself.\n";

#[cfg(test)]
mod tests {
    use super::*;

    fn said(asked: &str) -> String {
        text(asked).concat()
    }

    #[test]
    fn it_says_that_it_is_no_ai_and_how_to_connect_one_whatever_is_asked() {
        for asked in ["", "hello", "code and a table", "<img src=x onerror=alert(1)>", "# zanzibar"] {
            let said = said(asked);
            assert!(said.contains("not an AI") && said.contains("OPENAI_API_KEY") && said.contains("Settings › Models"), "{said}");
            assert!(!said.contains("onerror") && !said.contains("zanzibar"));
        }
    }

    #[test]
    fn it_shows_what_is_asked_for() {
        assert!(said("some code please").contains("```python"));
        assert!(said("a table").contains("| Green | 75 °C |"));
        assert!(said("math").contains("$$\\int"));
        assert!(said("make a list").contains("1. Connect"));
        assert!(said("a long story").contains("### What happens"));
        assert!(said("hello").contains("Ask for *code*"));
    }

    #[tokio::test]
    async fn the_same_question_gets_the_same_pieces_reasoning_first() {
        let demo = Demo { pace: Duration::ZERO };
        let first: Vec<_> = demo.answer(Question::default()).collect().await;
        assert_eq!(first, demo.answer(Question::default()).collect::<Vec<_>>().await);
        assert!(matches!(first[0], Ok(Piece::Reasoning(_))));
        assert!(matches!(first.last().unwrap(), Ok(Piece::End { reason: EndReason::Complete, usage: Some(_) })));
    }
}
