//! From the delete to the 404: share over HTTP, open, delete over HTTP, open again until it is gone.

use std::time::{Duration, Instant};

use super::server::{Server, folder};
use super::{median, person, postgres};

const ROUNDS: usize = 300;

pub(crate) async fn measure() {
    println!("## From delete to 404 ({ROUNDS} links)\n");
    println!("| database | the delete answers after | the next view is a 404 after | slowest | views that still showed it |");
    println!("|---|--:|--:|--:|--:|");
    of("SQLite", None).await;
    if let Some(url) = postgres::database("revoke").await {
        of("PostgreSQL (fsync off)", Some(&url)).await;
    }
    println!();
}

async fn of(name: &str, database: Option<&str>) {
    let data = folder();
    person::add(data.path(), database);
    let server = Server::start(data.path(), database).await;
    let owner = person::sign_in(&server).await;
    // Another browser, on a connection of its own that stays open.
    let visitor = reqwest::Client::new();
    let sample = person::post(&owner, server.url("/sample"), String::new()).await;
    let conversation = sample.headers()["location"].to_str().unwrap().to_owned();
    let (mut deletes, mut gone, mut late) = (Vec::new(), Vec::new(), 0);
    for round in 0..ROUNDS {
        let page = person::post(&owner, server.url(&format!("{conversation}/share")), "title=T&author=anonymous".to_owned()).await;
        let page = page.text().await.unwrap();
        let token = &page.split_once("/share/").map(|_| find_token(&page)).unwrap();
        let url = server.url(&format!("/share/{token}"));
        assert_eq!(visitor.get(&url).send().await.unwrap().status(), 200);

        let began = Instant::now();
        let answer = person::post(&owner, server.url(&format!("/links/link_{token}/delete")), "from=links".to_owned()).await;
        assert_eq!(answer.status(), 303);
        deletes.push(began.elapsed());
        loop {
            // Nobody is kept out for guessing, since every view comes from an address of its own.
            let from = format!("10.0.{}.{}", round / 250, round % 250);
            let status = visitor.get(&url).header("x-forwarded-for", from).send().await.unwrap().status();
            if status == 404 {
                break;
            }
            assert_eq!(status, 200);
            late += 1;
        }
        gone.push(began.elapsed());
    }
    let slowest = gone.iter().max().copied().unwrap();
    println!("| {name} | {} | {} | {} | {late} |", milliseconds(median(deletes)), milliseconds(median(gone)), milliseconds(slowest));
}

/// The token of the link that was just made: it stands in the page's `made-url` field.
fn find_token(page: &str) -> String {
    let field = page.split_once("id=\"made-url\"").unwrap().1;
    field.split_once("/share/").unwrap().1.split('"').next().unwrap().to_owned()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
