//! A connection without a client's kindness: it sends what it likes, and reads only afterwards.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// How long it waits for an answer.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) struct Wire {
    stream: BufReader<TcpStream>,
    host: SocketAddr,
}

impl Wire {
    pub(crate) async fn open(host: SocketAddr) -> Self {
        Self { stream: BufReader::new(TcpStream::connect(host).await.unwrap()), host }
    }

    /// A request without a body; each header ends with its line.
    pub(crate) async fn send(&mut self, line: &str, headers: &str) {
        let head = format!("{line} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.host);
        self.stream.write_all(head.as_bytes()).await.unwrap();
    }

    /// A request with a body of so many bytes that begins like JSON, sent to its end.
    pub(crate) async fn send_much(&mut self, line: &str, headers: &str, bytes: usize) {
        self.send(line, &format!("{headers}Content-Length: {bytes}\r\n")).await;
        let begin = b"{\"title\": \"";
        self.stream.write_all(begin).await.unwrap();
        let block = vec![b'x'; 1 << 20];
        let mut left = bytes - begin.len();
        while left > 0 {
            let next = left.min(block.len());
            self.stream.write_all(&block[..next]).await.unwrap_or_else(|error| panic!("{line}: {left} bytes before the end: {error}"));
            left -= next;
        }
    }

    /// The next answer: its status and its body.
    pub(crate) async fn reply(&mut self) -> (u16, String) {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("an answer was waited for in vain")
    }

    async fn read(&mut self) -> (u16, String) {
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await.unwrap();
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some(text) = line.strip_prefix("content-length: ") {
                length = text.parse().unwrap();
            } else if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.unwrap();
        (status, String::from_utf8(body).unwrap())
    }

    /// Whether the server ends it.
    pub(crate) async fn is_closed(&mut self) -> bool {
        let mut one = [0];
        tokio::time::timeout(PATIENCE, self.stream.read(&mut one)).await.is_ok_and(|read| read.unwrap_or(0) == 0)
    }
}
