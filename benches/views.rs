//! Views of a shared page of 40 messages: each asks the gate, whether the link is still open. Beside nginx, which
//! sends the same bytes from a file and asks nobody.

use super::load::requests_per_second;
use super::nginx::Nginx;
use super::server::{Server, folder, memory_bytes, processor_seconds};
use super::{median, postgres, sample};

const ROUNDS: usize = 5;
const SECONDS: u32 = 6;

/// Requests a second, and requests for each second of processor time.
type Rate = (f64, f64);

pub(crate) async fn measure() {
    println!("## Views a second\n");
    println!("| database | encoding | bytes | Takeback | nginx | ratio | Takeback, for a second of processor time | nginx | ratio |");
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|");
    compare("SQLite", None).await;
    if let Some(url) = postgres::database("views").await {
        compare("PostgreSQL", Some(&url)).await;
    }
    println!();
}

async fn compare(name: &str, database: Option<&str>) {
    let (data, files) = (folder(), folder());
    let path = sample::share(data.path(), database);
    let server = Server::start(data.path(), database).await;
    let client = reqwest::Client::builder().no_gzip().no_brotli().build().unwrap();
    for encoding in ["identity", "gzip", "br"] {
        let reply = client.get(server.url(&path)).header("accept-encoding", encoding).send().await.unwrap();
        assert_eq!(reply.status(), 200);
        std::fs::write(files.path().join(encoding), reply.bytes().await.unwrap()).unwrap();
    }
    let nginx = Nginx::start(files.path()).await;
    for encoding in ["br", "gzip", "identity"] {
        let bytes = std::fs::metadata(files.path().join(encoding)).unwrap().len();
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(rate(server.id(), &server.url(&path), encoding));
            theirs.push(rate(nginx.id(), &nginx.url(encoding), encoding));
        }
        let (ours, theirs) = (middle(&ours), middle(&theirs));
        println!(
            "| {name} | {encoding} | {bytes} | {:.0} | {:.0} | {:.2} | {:.0} | {:.0} | {:.2} |",
            ours.0,
            theirs.0,
            ours.0 / theirs.0,
            ours.1,
            theirs.1,
            ours.1 / theirs.1
        );
    }
    let after = memory_bytes(server.id(), "VmRSS").unwrap();
    eprintln!("{name}: {} KiB of memory after the load", after / 1024);
}

fn rate(process: u32, url: &str, encoding: &str) -> Rate {
    let before = processor_seconds(process);
    let per_second = requests_per_second(url, encoding, SECONDS);
    let used = processor_seconds(process) - before;
    (per_second, per_second * f64::from(SECONDS) / used)
}

fn middle(rates: &[Rate]) -> Rate {
    (median(rates.iter().map(|rate| rate.0).collect()), median(rates.iter().map(|rate| rate.1).collect()))
}
