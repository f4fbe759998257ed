//! Strings that break programs, wherever text is taken: never a fault of the server.

use std::path::PathBuf;

use reqwest::Method;

use crate::support::{Reply, TestApp, corpus};

fn strings(path: PathBuf) -> Vec<String> {
    let mut all: Vec<String> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert!(all.len() > 500);
    all.extend(["\u{0}", "a\u{0}b", "%", "%00", "\u{feff}", "\\", "%_\\", "\u{10ffff}", "\u{202e}"].map(str::to_owned));
    all.push("x".repeat(9_000));
    all
}

/// For a path segment or a query: everything but letters and digits is percent-encoded.
fn encode(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn check(what: &str, text: &str, reply: &Reply) {
    assert!(reply.status < 500, "{what} with {text:?}: {}", reply.status);
}

#[tokio::test]
async fn text_in_forms_never_breaks_the_server() {
    let Some(path) = corpus("naughty/blns/blns.json") else { return };
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    for (text, number) in strings(path).iter().zip(0..) {
        let forms = [
            (format!("/c/{}/rename", talk.id), [("title", text.as_str()), ("from", text)]),
            (format!("/links/{}/edit", link.id), [("title", text), ("author", text)]),
            (format!("/c/{}/share", talk.id), [("title", text), ("author", "anonymous")]),
            ("/settings/profile".to_owned(), [("name", text), ("email", text)]),
            (format!("{}/report", link.path()), [("reason", "other"), ("details", text)]),
            (format!("/c/{}/branch", talk.id), [("message", text), ("to", text)]),
            ("/signin".to_owned(), [("email", text), ("password", text)]),
        ];
        for (path, fields) in &forms {
            check(path, text, &owner.post_form(path, fields).await);
        }
        // What was taken is shown again.
        for path in [format!("/c/{}", talk.id), link.path(), format!("{}/markdown", link.path())] {
            let shown = owner.get(&path).await;
            assert_eq!(shown.status, 200, "{path} after {text:?}");
        }
        // The list of links stays short.
        if number % 20 == 0 {
            check("/links", text, &owner.get("/links").await);
            let query = "DELETE FROM links WHERE id <> $1";
            let done = takeback::write_tx!(app.db, "test: few links", |tx| { Ok(sqlx::query(query).bind(&link.id).execute(tx).await?) });
            done.unwrap();
        }
    }
}

#[tokio::test]
async fn text_in_addresses_never_breaks_the_server() {
    let Some(path) = corpus("naughty/blns/blns.json") else { return };
    let app = TestApp::start_with(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    let mut all: Vec<(String, String)> = strings(path).into_iter().map(|text| (encode(&text), text)).collect();
    // What is no UTF-8, and what is no encoding.
    all.extend(["%FF%FE", "%C0%AF", "%E2%28%A1", "%zz", "%"].map(|raw| (raw.to_owned(), raw.to_owned())));
    for ((encoded, text), number) in all.iter().zip(0..) {
        let paths = [
            format!("/conversations?q={encoded}&after={encoded}"),
            format!("/?q={encoded}"),
            format!("/links?q={encoded}"),
            format!("/links?sort={encoded}&after={encoded}"),
            format!("/c/{encoded}"),
            format!("/c/{encoded}/share"),
            format!("/c/{}/share/preview?title={encoded}&author={encoded}", talk.id),
            format!("/links/{encoded}/delete?from={encoded}"),
            format!("/files/{encoded}"),
            format!("/import/{encoded}"),
            format!("/share/{encoded}"),
            format!("{}/files/{encoded}", link.path()),
            format!("/invite/{encoded}"),
            format!("/reset/{encoded}"),
            format!("/signin?next={encoded}"),
            format!("/settings/people?after={encoded}&done={encoded}"),
            format!("/assets/{encoded}/{encoded}"),
            format!("/{encoded}"),
        ];
        for path in &paths {
            let request = owner.request(Method::GET, path).header("x-forwarded-for", crate::support::some_address(number));
            check(path, text, &Reply::of(request).await);
        }
    }
}
