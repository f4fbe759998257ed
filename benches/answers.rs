//! What we add to an answer: until its first word, to each word, in memory and processor time for each of many at once;
//! and what an open window costs while nothing happens.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use reqwest::{Client, multipart::Form};

use super::many::Many;
use super::server::{Server, folder, processor_seconds};
use super::upstream::{self, Pace, newest, now};
use super::{median, person};

const ANSWERS: usize = 200;
const STREAMS: usize = 2_000;
const WINDOWS: usize = 100;

pub(crate) async fn measure() {
    delays().await;
    streams().await;
    idle().await;
    long().await;
}

/// A server whose one provider answers at this pace, and somebody who is signed in.
pub(crate) async fn start(data: &std::path::Path, pace: Pace) -> (Server, Client, u16) {
    let port = upstream::start(pace).await;
    let provider = format!(
        "messages_per_minute = 1000000\nanswers_at_once = 1000000\nfind_ollama = false\n\
         [[providers]]\nname = \"bench\"\nkind = \"compatible\"\nbase_url = \"http://127.0.0.1:{port}/v1\"\n"
    );
    person::add(data, None);
    let server = Server::start_with(data, None, &provider).await;
    let client = person::sign_in(&server).await;
    (server, client, port)
}

/// Sends a message from this browser.
pub(crate) async fn say(client: &Client, url: String, text: &str) -> reqwest::Response {
    let form = Form::new().text("text", text.to_owned()).text("model", "bench/bench");
    let reply = client.post(url).header("sec-fetch-site", "same-origin").multipart(form).send().await.unwrap();
    assert!(reply.status().as_u16() < 400, "{}", reply.status());
    reply
}

/// Begins a chat; answers the path of its page.
async fn begin(server: &Server, client: &Client) -> String {
    let reply = say(client, server.url("/chats"), "Tell me about tea.").await;
    reply.headers()["location"].to_str().unwrap().to_owned()
}

/// Delays in microseconds: to the first token, and of each token, as they arrive in `bytes`.
async fn read(began: u64, response: reqwest::Response, tokens: &mut Vec<u64>) -> u64 {
    let mut bytes = response.bytes_stream();
    let (mut first, mut last) = (0, 0);
    while let Some(Ok(chunk)) = bytes.next().await {
        let at = now();
        if let Some(sent) = newest(&chunk).filter(|sent| *sent > last && *sent >= began) {
            if first == 0 {
                first = at - began;
            } else {
                tokens.push(at - sent);
            }
            last = sent;
        }
        if find(&chunk, b"event: end") || find(&chunk, b"[DONE]") {
            break;
        }
    }
    first
}

fn find(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

async fn delays() {
    let data = folder();
    let (server, client, port) = start(data.path(), Pace { tokens: 20, every: Duration::from_millis(10) }).await;
    let path = begin(&server, &client).await;
    let straight = Client::new();
    let (mut firsts, mut tokens) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for _ in 0..ANSWERS / 4 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let body = r#"{"model":"bench","stream":true,"messages":[{"role":"user","content":"Tell me about tea."}]}"#;
        let began = now();
        let asked = straight.post(format!("http://127.0.0.1:{port}/v1/chat/completions")).body(body).send().await.unwrap();
        firsts[0].push(read(began, asked, &mut tokens[0]).await);
        let page = client.get(server.url(&path)).send().await.unwrap().text().await.unwrap();
        let last = page.split("data-last=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let line = client.get(server.url(&format!("{path}/events?last={last}"))).send().await.unwrap();
        let began = now();
        let (first, _) =
            tokio::join!(read(began, line, &mut tokens[1]), say(&client, server.url(&format!("{path}/messages")), "And which else?"));
        firsts[1].push(first);
    }
    let [straight, ours] = firsts.map(|all| millis(median(all)));
    let [straight_token, our_token] = tokens.map(|all| millis(median(all)));
    println!("## What an answer gains in delay\n");
    println!("| | straight from the provider | through Takeback | added |\n|---|--:|--:|--:|");
    println!("| first token, median | {straight:.2} ms | {ours:.2} ms | {:.2} ms |", ours - straight);
    println!("| each token after it, median | {straight_token:.2} ms | {our_token:.2} ms | {:.2} ms |\n", our_token - straight_token);
}

async fn streams() {
    let data = folder();
    let (server, client, _) = start(data.path(), Pace { tokens: 10_000, every: Duration::from_millis(100) }).await;
    begin(&server, &client).await;
    let mut many = Many::gather(&server);
    for _ in 0..STREAMS {
        let path = begin(&server, &client).await;
        let page = client.get(server.url(&path)).send().await.unwrap().text().await.unwrap();
        let have = page.split("data-have=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let last = have.split('.').next().unwrap().to_owned();
        many.listen(client.get(server.url(&format!("{path}/events?have={have}&last={last}"))).send().await.unwrap());
    }
    println!("## {STREAMS} answers at once, ten tokens a second each, the server on one core\n");
    many.measure(&server).await;
}

async fn idle() {
    let data = folder();
    let (server, client, _) = start(data.path(), Pace { tokens: 3, every: Duration::from_millis(1) }).await;
    let path = begin(&server, &client).await;
    let mut lines = Vec::new();
    for _ in 0..WINDOWS {
        lines.push(client.get(server.url(&format!("{path}/events"))).send().await.unwrap());
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let used = processor_seconds(server.id());
    tokio::time::sleep(Duration::from_secs(10)).await;
    let used = processor_seconds(server.id()) - used;
    println!("## Quiet\n\n{WINDOWS} open windows while nothing happens: {:.0} ms of processor time in 10 s.\n", used * 1000.0);
}

async fn long() {
    let data = folder();
    person::add(data.path(), None);
    let messages: Vec<_> = (0..2_000)
        .map(|at| serde_json::json!({"role": if at % 2 == 0 { "user" } else { "assistant" }, "content": "Some words of **tea** and water. ".repeat(20)}))
        .collect();
    let file = data.path().join("long.json");
    std::fs::write(&file, serde_json::to_vec(&messages).unwrap()).unwrap();
    super::server::run(data.path(), None, &["import", file.to_str().unwrap(), "--user", person::EMAIL]);
    let server = Server::start(data.path(), None).await;
    let client = person::sign_in(&server).await;
    let home = client.get(server.url("/")).send().await.unwrap().text().await.unwrap();
    let path = format!("/c/conv_{}", home.split("/c/conv_").nth(1).unwrap().split(['"', '/']).next().unwrap());
    let (mut times, mut bytes) = (Vec::new(), 0);
    for _ in 0..21 {
        let began = Instant::now();
        let page = client.get(server.url(&path)).send().await.unwrap();
        assert_eq!(page.status(), 200);
        bytes = page.bytes().await.unwrap().len();
        times.push(began.elapsed());
    }
    println!(
        "## A conversation of 2,000 messages\n\nIts page: {:.1} ms, {bytes} bytes before compression.\n",
        median(times).as_secs_f64() * 1000.0
    );
}

fn millis(micros: u64) -> f64 {
    Duration::from_micros(micros).as_secs_f64() * 1000.0
}
