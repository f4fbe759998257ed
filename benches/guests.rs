//! People without an account who talk to an assistant by its link, all at once; and what its page weighs.

use std::time::Duration;

use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};

use super::answers::{say, start};
use super::many::Many;
use super::person::{self, EMAIL};
use super::server::{Server, folder, run};
use super::upstream::Pace;
use super::wire;

const GUESTS: u32 = 1_000;
/// More of everything than they ask for.
const CAPS: &str = "messages_a_day=1000000&guest_messages_a_day=1000000&address_messages_a_day=1000000&input_chars=1000000&\
                    output_tokens=10000&tokens_a_month=1000000000";

pub(crate) async fn measure() {
    let data = folder();
    let (server, owner, _) = start(data.path(), Pace { tokens: 10_000, every: Duration::from_millis(100) }).await;
    let page = give_out(&server, &owner, data.path()).await;
    println!("## {GUESTS} guests of one assistant at once, ten tokens a second each, the server on one core\n");
    let first = Guest::new(1);
    wire::weigh(&server, &page).await;
    first.begin(&server, &page).await;
    let mut many = Many::gather(&server);
    for number in 2..GUESTS + 2 {
        let guest = Guest::new(number);
        let line = guest.begin(&server, &page).await;
        many.listen(line);
    }
    many.measure(&server).await;
}

/// An assistant and a link to it: answers its path.
async fn give_out(server: &Server, owner: &Client, data: &std::path::Path) -> String {
    let key = run(data, None, &["keys", "create", "--user", EMAIL, "--name", "bench"]).trim().to_owned();
    let make = async |path: &str, body: Value| -> Value {
        let reply = Client::new().post(server.url(path)).bearer_auth(&key).json(&body).send().await.unwrap();
        assert_eq!(reply.status(), 200, "{}", reply.text().await.unwrap());
        reply.json().await.unwrap()
    };
    let words = "You know all about tea, and nothing about coffee.";
    let fields = json!({"name": "Tea", "instructions": words, "starters": ["Which tea?"], "model": "bench/bench", "publish": true});
    let assistant = make("/v1/assistants", fields).await;
    let link = make("/v1/shared_links", json!({"target": {"type": "assistant", "id": assistant["id"]}})).await;
    let id = link["id"].as_str().unwrap();
    assert_eq!(person::post(owner, server.url(&format!("/links/{id}/caps")), CAPS.to_owned()).await.status(), 303);
    id.replace("link_", "/g/")
}

/// A browser with an address of its own.
struct Guest {
    browser: Client,
}

impl Guest {
    fn new(number: u32) -> Self {
        let [_, b, c, d] = number.to_be_bytes();
        let address = format!("10.{b}.{c}.{d}").parse().unwrap();
        let headers = [(reqwest::header::HeaderName::from_static("x-forwarded-for"), address)].into_iter().collect();
        let browser = Client::builder().cookie_store(true).redirect(Policy::none()).default_headers(headers).build().unwrap();
        Self { browser }
    }

    /// Opens the page and says something; answers the events of the chat.
    async fn begin(&self, server: &Server, page: &str) -> reqwest::Response {
        say(&self.browser, server.url(&format!("{page}/messages")), "Tell me about tea.").await;
        let shown = self.browser.get(server.url(page)).send().await.unwrap().text().await.unwrap();
        let have = shown.split("data-have=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let last = have.split('.').next().unwrap().to_owned();
        self.browser.get(server.url(&format!("{page}/events?have={have}&last={last}"))).send().await.unwrap()
    }
}
