//! A provider for measurements: speaks the format of OpenAI, and writes into each token when it was sent.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Microseconds since this program began.
pub(crate) fn now() -> u64 {
    u64::try_from(BEGAN.elapsed().as_micros()).unwrap()
}

/// While this is true nobody gets a token, so that many answers can begin before the first says something.
static HELD: LazyLock<watch::Sender<bool>> = LazyLock::new(|| watch::Sender::new(false));
static ANSWERS: AtomicU32 = AtomicU32::new(0);

pub(crate) fn hold(held: bool) {
    HELD.send_replace(held);
}

/// How it answers: so many tokens, one every so often.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) tokens: u32,
    pub(crate) every: Duration,
}

/// Starts one on this thread's runtime; answers its port.
pub(crate) async fn start(pace: Pace) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            // Who hangs up is gone.
            tokio::spawn(async move { serve(stream, pace).await.ok() });
        }
    });
    port
}

async fn serve(mut stream: TcpStream, pace: Pace) -> std::io::Result<()> {
    let mut request = Vec::new();
    loop {
        let Some(end) = find(&request, b"\r\n\r\n") else {
            if stream.read_buf(&mut request).await? == 0 {
                return Ok(());
            }
            continue;
        };
        let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
        let length: usize =
            head.split("content-length:").nth(1).map_or(0, |rest| rest.split("\r\n").next().unwrap().trim().parse().unwrap());
        while request.len() < end + 4 + length {
            stream.read_buf(&mut request).await?;
        }
        request.drain(..end + 4 + length);
        if head.starts_with("get") {
            let models = r#"{"object":"list","data":[{"id":"bench","object":"model","owned_by":"bench"}]}"#;
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{models}", models.len());
            stream.write_all(answer.as_bytes()).await?;
        } else {
            answer(&mut stream, pace).await?;
        }
    }
}

async fn answer(stream: &mut TcpStream, pace: Pace) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n").await?;
    let mut held = HELD.subscribe();
    if *held.borrow() {
        let _ = held.wait_for(|held| !held).await;
        // Not all at the same moment.
        tokio::time::sleep(pace.every * (ANSWERS.fetch_add(1, Relaxed) * 37 % 100) / 100).await;
    }
    let mut next = tokio::time::Instant::now();
    for number in 0..pace.tokens {
        // A paragraph of twenty tokens.
        let end = if number % 20 == 19 { "\\n\\n" } else { " " };
        let delta = format!(r#"{{"content":"t{}{end}"}}"#, now());
        write(stream, &format!("{{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"bench\",\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":null}}]}}")).await?;
        next += pace.every;
        tokio::time::sleep_until(next).await;
    }
    write(stream, r#"{"id":"1","object":"chat.completion.chunk","created":1,"model":"bench","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#).await?;
    write(stream, "[DONE]").await?;
    stream.write_all(b"0\r\n\r\n").await
}

async fn write(stream: &mut TcpStream, data: &str) -> std::io::Result<()> {
    stream.write_all(format!("{:x}\r\ndata: {data}\n\n\r\n", data.len() + 8).as_bytes()).await
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// When the newest token was sent that stands in these bytes.
pub(crate) fn newest(bytes: &[u8]) -> Option<u64> {
    let digits_from = |at: usize| {
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        // Cut off, or no token.
        (digits >= 4 && at + 1 + digits < bytes.len()).then(|| std::str::from_utf8(&bytes[at + 1..=at + digits]).unwrap().parse().unwrap())
    };
    (0..bytes.len()).rev().filter(|at| bytes[*at] == b't').find_map(digits_from)
}
