//! What a visitor's browser loads, compressed.

use std::collections::BTreeSet;

use super::sample;
use super::server::{Server, folder};

pub(crate) async fn measure() {
    let data = folder();
    let path = sample::share(data.path(), None);
    let server = Server::start(data.path(), None).await;
    println!("## Bytes over the wire for a page of 40 messages\n");
    weigh(&server, &path).await;
}

/// Prints what the page at this path and everything that it asks for weigh.
pub(crate) async fn weigh(server: &Server, path: &str) {
    let client = reqwest::Client::builder().no_gzip().no_brotli().build().unwrap();
    println!("| what | bytes | with Brotli |\n|---|--:|--:|");
    let page = client.get(server.url(path)).send().await.unwrap().text().await.unwrap();
    let files = page.split('"').filter(|text| text.starts_with("/assets/")).map(|text| text.split('#').next().unwrap());
    let mut waiting: BTreeSet<String> = files.map(str::to_owned).collect();
    let mut files = BTreeSet::from([path.to_owned()]);
    let mut totals = (0, 0);
    waiting.insert(path.to_owned());
    while let Some(file) = waiting.pop_first() {
        let plain = client.get(server.url(&file)).send().await.unwrap().text().await.unwrap();
        if let Some((folder, _)) = file.split_once("/js/") {
            // A script's own scripts.
            let names = plain.split("\"./").skip(1).map(|rest| format!("{folder}/js/{}", rest.split('"').next().unwrap()));
            waiting.extend(names.filter(|name| !files.contains(name)));
        }
        files.insert(file.clone());
        let plain = plain.len();
        let brotli = client.get(server.url(&file)).header("accept-encoding", "br").send().await.unwrap();
        assert_eq!(brotli.headers().get("content-encoding").map(reqwest::header::HeaderValue::as_bytes), Some(b"br".as_slice()), "{file}");
        let brotli = brotli.bytes().await.unwrap().len();
        println!("| {} | {plain} | {brotli} |", if file == path { "the page" } else { file.rsplit('/').next().unwrap() });
        totals = (totals.0 + plain, totals.1 + brotli);
    }
    println!("| {} requests in all | {} | {} |\n", files.len(), totals.0, totals.1);
}
