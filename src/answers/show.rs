//! What a page shows of an answer besides its words.

/// An answer that is being written.
#[derive(Clone, Debug)]
pub struct Running {
    /// What the page has of it: `msg_x.R.T`, with the numbers of finished blocks of reasoning and text.
    pub have: String,
    /// What the model thinks before it answers.
    pub reasoning: Live,
    /// The answer.
    pub text: Live,
}

/// A rendering that grows.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// Its finished blocks. Safe HTML.
    pub finished: String,
    /// What stands behind them now. Safe HTML.
    pub tail: String,
}

/// Why an answer failed, or ends early.
#[derive(Clone, Debug)]
pub struct Problem {
    /// In words for the person.
    pub words: String,
    /// Where another try is sent.
    pub retry: Option<String>,
}
