//! How fast a long chat is rendered, beside comrak alone, and what a token costs while an answer is being written. Run with `cargo run --release --example speed`.

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
    takeback_markdown::warm_up();
    writeln!(out, "warming up: {:?}", cold.elapsed())?;
    let cold = Instant::now();
    let html = takeback_markdown::render(&chat);
    writeln!(out, "first rendering: {:?}", cold.elapsed())?;
    writeln!(out, "{} bytes of Markdown, {} bytes of HTML", chat.len(), html.as_str().len())?;
    report(&mut out, "takeback-markdown", &chat, |text| takeback_markdown::render(text).into_string().len())?;
    report(&mut out, "takeback-markdown, text without code", &prose, |text| takeback_markdown::render(text).into_string().len())?;
    report(&mut out, "comrak alone", &chat, |text| comrak::markdown_to_html(text, &comrak::Options::default()).len())?;
    for (name, text) in [("chat", &chat), ("chat without code", &prose), ("one list", &"- an item of **some** length\n".repeat(100))] {
        for bytes in [1_000, 10_000, 100_000] {
            streamed(&mut out, name, &text.repeat(bytes / text.len() + 1), bytes)?;
        }
    }
    Ok(())
}

/// Bytes of twenty tokens, and so of one update.
const TICK_BYTES: usize = 80;

/// The time for an update while an answer of this length is being written, and for all of it.
fn streamed(out: &mut impl std::io::Write, name: &str, text: &str, bytes: usize) -> std::io::Result<()> {
    let mut streamed = takeback_markdown::Streamed::new(&takeback_markdown::Options::default());
    let mut times: Vec<Duration> = Vec::new();
    let (mut rest, mut sent) = (text, 0);
    while text.len() - rest.len() < bytes && !rest.is_empty() {
        let mut cut = TICK_BYTES.min(rest.len());
        while !rest.is_char_boundary(cut) {
            cut += 1;
        }
        let (piece, after) = rest.split_at(cut);
        rest = after;
        let start = Instant::now();
        streamed.push(piece);
        let update = black_box(streamed.update());
        times.push(start.elapsed());
        sent += update.finished.iter().map(|html| html.as_str().len()).sum::<usize>();
        sent += match &update.tail {
            takeback_markdown::Tail::Same => 0,
            takeback_markdown::Tail::Whole(html) | takeback_markdown::Tail::MoreCode(html) => html.as_str().len(),
        };
    }
    let all: Duration = times.iter().sum();
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    let pushed = f64::from(u32::try_from(bytes).unwrap_or(u32::MAX));
    writeln!(
        out,
        "{name}, {bytes} bytes, {TICK_BYTES} in an update: median {:?}, 99 % below {:?}, longest {:?}, {:.2} MB/s, {} bytes sent",
        at(50),
        at(99),
        at(100),
        pushed / all.as_secs_f64() / 1e6,
        sent
    )
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
