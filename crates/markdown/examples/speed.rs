//! How fast a long chat is rendered, beside comrak alone. Run with `cargo run --release --example speed`.

use std::hint::black_box;
use std::io::Write as _;
use std::time::{Duration, Instant};

const CHAT: &str = include_str!("chat.md");

/// About 29 KB, the length of a long conversation.
const TIMES: usize = 6;

fn main() -> std::io::Result<()> {
    let chat = CHAT.repeat(TIMES);
    let prose = without_code(&chat);
    let mut out = std::io::stdout().lock();
    let cold = Instant::now();
    let html = takeback_markdown::render(&chat);
    writeln!(out, "first rendering, loading everything: {:?}", cold.elapsed())?;
    writeln!(out, "{} bytes of Markdown, {} bytes of HTML", chat.len(), html.as_str().len())?;
    report(&mut out, "takeback-markdown", &chat, |text| takeback_markdown::render(text).into_string().len())?;
    report(&mut out, "takeback-markdown, text without code", &prose, |text| takeback_markdown::render(text).into_string().len())?;
    report(&mut out, "comrak alone", &chat, |text| comrak::markdown_to_html(text, &comrak::Options::default()).len())
}

/// The median of many runs, in MB/s of Markdown.
fn report(out: &mut impl std::io::Write, name: &str, text: &str, render: impl Fn(&str) -> usize) -> std::io::Result<()> {
    let mut times: Vec<Duration> = Vec::new();
    let begin = Instant::now();
    while times.len() < 20 || begin.elapsed() < Duration::from_secs(3) {
        let start = Instant::now();
        black_box(render(black_box(text)));
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let median = times[times.len() / 2];
    let bytes = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    writeln!(out, "{name}: {:.2} MB/s, median {median:?} of {}", bytes / median.as_secs_f64() / 1e6, times.len())
}

fn without_code(chat: &str) -> String {
    let mut prose = String::new();
    let mut in_code = false;
    for line in chat.split_inclusive('\n') {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            prose.push_str(line);
        }
    }
    prose
}
