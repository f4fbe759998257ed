//! Memory at rest, and the time from the start to the first answer: with an empty database and with a full one.

use std::time::{Duration, Instant};

use super::server::{Server, folder, memory_bytes};
use super::{fill, median, person};

const STARTS: usize = 7;

pub(crate) async fn measure() {
    let (empty, full) = (folder(), folder());
    person::add(full.path(), None);
    fill::fill(full.path()).await;
    println!("## Memory and start\n");
    println!("| database | at rest | start to first answer | home, signed in | links, signed in |\n|---|--:|--:|--:|--:|");
    for (name, data) in [("empty", &empty), ("100,000 conversations, 1,000 links", &full)] {
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            starts.push(Server::start(data.path(), None).await.first_answer);
        }
        let server = Server::start(data.path(), None).await;
        // At rest: what the start needed has been given back.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let resident = memory_bytes(server.id(), "VmRSS").unwrap();
        let pages =
            if name == "empty" { ["–".to_owned(), "–".to_owned()] } else { [took(&server, "/").await, took(&server, "/links").await] };
        let start = median(starts).as_secs_f64() * 1000.0;
        println!("| {name} | {:.1} MiB | {start:.0} ms | {} | {} |", mebibytes(resident), pages[0], pages[1]);
    }
    println!();
}

/// The median time of a page, in milliseconds.
async fn took(server: &Server, path: &str) -> String {
    let client = person::sign_in(server).await;
    let mut times = Vec::new();
    for _ in 0..21 {
        let began = Instant::now();
        let reply = client.get(server.url(path)).send().await.unwrap();
        assert_eq!(reply.status(), 200);
        reply.bytes().await.unwrap();
        times.push(began.elapsed());
    }
    format!("{:.1} ms", median(times).as_secs_f64() * 1000.0)
}

pub(crate) fn mebibytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1024).unwrap()) / 1024.0
}
