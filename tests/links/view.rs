//! What visitors get.

use reqwest::Method;
use takeback::audit::Via;
use takeback::links::link::Author;
use takeback::links::publish::{self, Change, Terms};

use crate::support::{Reply, TestApp};

#[tokio::test]
async fn the_page_shows_the_snapshot_and_asks_not_to_be_indexed_kept_or_framed() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let page = app.anonymous().get(&link.path()).await;
    assert_eq!(page.status, 200);
    for words in ["Tea for two", "How long does green tea steep?", "Two minutes at 75 °C.", "Shared anonymously", "test-model"] {
        assert!(page.body.contains(words), "{words} is missing in {}", page.body);
    }
    assert_eq!(page.header("x-robots-tag"), "noindex, nofollow, noarchive");
    assert_eq!(page.header("cache-control"), "private, no-cache");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let csp = page.header("content-security-policy");
    assert!(csp.starts_with("default-src 'none'") && !csp.contains("unsafe") && csp.contains("frame-ancestors 'none'"), "{csp}");
}

#[tokio::test]
async fn the_page_is_the_same_bytes_for_everybody() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let bytes = app.anonymous().get(&link.path()).await.bytes;
    assert_eq!(owner.get(&link.path()).await.bytes, bytes);
    assert_eq!(other.get(&link.path()).await.bytes, bytes);
}

#[tokio::test]
async fn anonymous_is_anonymous_on_every_surface() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    let mut canaries =
        vec![owner.user.id.clone(), owner.user.name.clone(), "Quillfeather".into(), owner.user.email.clone(), talk.id.clone()];
    canaries.extend(talk.messages.clone());
    for path in ["", "/markdown", "/continue", "/report"] {
        let page = app.anonymous().get(&format!("{}{path}", link.path())).await;
        assert_eq!(page.status, 200, "{path}");
        let everything = format!("{:?}{}", page.headers, page.body);
        for canary in &canaries {
            assert!(!everything.contains(canary.as_str()), "{canary} leaks on {path}");
        }
    }
}

#[tokio::test]
async fn a_named_link_says_the_name_and_nothing_else_of_its_owner() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let terms = Terms { author: Author::Name, ..Terms::default() };
    let link = publish::publish(&app, &owner.user, &talk.id, &terms, Via::Web).await.unwrap();
    let page = app.anonymous().get(&link.path()).await;
    assert!(page.body.contains("Shared by <bdi>Ada Quillfeather</bdi>"));
    assert!(!page.body.contains(&owner.user.email) && !page.body.contains(&owner.user.id));

    publish::change(&app, &owner.user, &link.id, Change { author: Some(Author::Anonymous), ..Change::default() }, Via::Web).await.unwrap();
    assert!(!app.anonymous().get(&link.path()).await.body.contains("Quillfeather"));
}

#[tokio::test]
async fn an_unchanged_page_is_a_304_and_a_changed_one_is_not() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let visitor = app.anonymous();
    let etag = visitor.get(&link.path()).await.header("etag").to_owned();
    let again = async || Reply::of(visitor.request(Method::GET, &link.path()).header("if-none-match", format!("\"x\", {etag}"))).await;
    let unchanged = again().await;
    assert_eq!((unchanged.status, unchanged.bytes.len()), (304, 0));
    publish::change(&app, &owner.user, &link.id, Change { title: Some("Another title"), ..Change::default() }, Via::Web).await.unwrap();
    let changed = again().await;
    assert_eq!(changed.status, 200);
    assert!(changed.body.contains("Another title"));
}

#[tokio::test]
async fn the_page_comes_compressed_to_those_who_take_it() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let in_encoding = async |accepted: &'static str| {
        Reply::of(app.anonymous().request(Method::GET, &link.path()).header("accept-encoding", accepted)).await
    };
    let plain = in_encoding("identity").await;
    let gzip = in_encoding("gzip").await;
    let brotli = in_encoding("gzip, br").await;
    assert_eq!((gzip.header("content-encoding"), brotli.header("content-encoding")), ("gzip", "br"));
    assert!(gzip.bytes.len() < plain.bytes.len() && brotli.bytes.len() < gzip.bytes.len());
    assert!(brotli.header("vary").contains("accept-encoding"));
}

#[tokio::test]
async fn a_view_is_a_person_opening_the_page_once() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let visitor = app.anonymous();
    visitor.get(&link.path()).await;
    visitor.get(&link.path()).await;
    // None of these is a person reading: HEAD, prefetch, a chat program's preview, the owner, the page's own script.
    Reply::of(visitor.request(Method::HEAD, &link.path())).await;
    Reply::of(visitor.request(Method::GET, &link.path()).header("sec-purpose", "prefetch")).await;
    Reply::of(visitor.request(Method::GET, &link.path()).header("user-agent", "Slackbot-LinkExpanding 1.0")).await;
    owner.get(&link.path()).await;
    visitor.get(&format!("{}/markdown", link.path())).await;
    app.views.write_down(&app.db).await.unwrap();
    let (views, last): (i64, i64) = sqlx::query_as("SELECT views, last_viewed_at FROM links").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!((views, last), (2, app.now()));
}

#[tokio::test]
async fn the_page_can_be_taken_as_markdown() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let page = app.anonymous().get(&format!("{}/markdown", link.path())).await;
    assert_eq!(page.header("content-type"), "text/markdown; charset=utf-8");
    assert_eq!(page.header("x-robots-tag"), "noindex, nofollow, noarchive");
    insta::assert_snapshot!(page.body, @r"
    # Tea for two

    *Shared anonymously. The answers come from a language model and can be wrong.*

    ## Question

    How long does green tea steep?

    ## test-model

    Two minutes at 75 °C.
    ");
}
