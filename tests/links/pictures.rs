//! Pictures of a shared page.

use takeback::audit::Via;
use takeback::links::link::Link;
use takeback::links::publish::{self, Change};
use takeback::{ids, write_tx};
use takeback_transcripts::Part;

use crate::support::{Client, Reply, Talk, TestApp};

fn image(file: &str) -> Part {
    Part::Image { file: file.to_owned(), alt: Some("A pot of tea".to_owned()), width: None, height: None }
}

/// The addresses of the pictures on a link's page.
pub(super) async fn addresses(visitor: &Client, link: &Link) -> Vec<String> {
    let page = visitor.get(&link.path()).await.body;
    let sources = page.split(" src=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    sources.filter(|path| path.starts_with(&format!("{}/files/", link.path()))).collect()
}

async fn stored_bytes(app: &TestApp, file: &str) -> Vec<u8> {
    sqlx::query_scalar("SELECT bytes FROM files WHERE id = $1").bind(file).fetch_one(app.db.reader()).await.unwrap()
}

async fn kept_pictures(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM snapshot_files").fetch_one(app.db.reader()).await.unwrap()
}

/// Everything that is sent, but for what no two answers share.
fn face(reply: &Reply) -> (u16, Vec<(String, String)>, &[u8]) {
    let headers = reply.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (reply.status, headers.filter(|(name, _)| name != "date" && name != "x-request-id").collect(), &reply.bytes)
}

async fn never(app: &TestApp) -> Reply {
    app.anonymous().get(&format!("/share/{}/files/{}", ids::token_of(&ids::new("link")), ids::new("file"))).await
}

#[tokio::test]
async fn a_shared_picture_comes_typed_and_sandboxed_and_goes_with_its_link() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk: Talk = app.small_talk(&owner.user).await;
    let file = app.picture(&talk).await;
    app.say_parts(&mut talk, "user", &[image(&file)]).await;
    let link = app.share(&owner.user, &talk).await;
    let [path] = &addresses(&app.anonymous(), &link).await[..] else { panic!("one picture shows") };
    assert!(!path.contains(&file), "its id in the conversation is nobody's business");
    let picture = app.anonymous().get(path).await;
    assert_eq!(picture.status, 200);
    assert_eq!(picture.bytes, stored_bytes(&app, &file).await);
    assert_eq!(picture.header("content-type"), "image/gif");
    assert_eq!(picture.header("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    assert_eq!(picture.header("x-robots-tag"), "noindex, nofollow, noarchive");
    assert_eq!(picture.header("cache-control"), "no-store");

    assert_eq!(owner.post_form(&format!("/links/{}/delete", link.id), &[]).await.status, 303);
    assert_eq!(face(&app.anonymous().get(path).await), face(&never(&app).await));
    assert_eq!(kept_pictures(&app).await, 0, "its bytes went with the link");
    assert_eq!(owner.get(&format!("/files/{file}")).await.status, 200, "the conversation keeps its own");
}

#[tokio::test]
async fn a_picture_that_the_snapshot_does_not_show_is_the_gone_page() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = app.small_talk(&owner.user).await;
    let (shown, not_shown) = (app.picture(&talk).await, app.picture(&talk).await);
    app.say_parts(&mut talk, "user", &[image(&shown), image("sediment://left-out")]).await;
    let link = app.share(&owner.user, &talk).await;
    // In the same conversation, but said after the link was made; and in another one that is shared too.
    app.say_parts(&mut talk, "user", &[image(&not_shown)]).await;
    let mut elsewhere = app.small_talk(&owner.user).await;
    let theirs = app.picture(&elsewhere).await;
    app.say_parts(&mut elsewhere, "user", &[image(&theirs)]).await;
    let another = app.share(&owner.user, &elsewhere).await;

    let visitor = app.anonymous();
    let gone = never(&app).await;
    assert_eq!(gone.status, 404);
    let [mine] = &addresses(&visitor, &link).await[..] else { panic!("one picture shows") };
    let [other] = &addresses(&visitor, &another).await[..] else { panic!("one picture shows") };
    let of_another = other.rsplit('/').next().unwrap();
    for file in [&shown, &not_shown, &theirs, of_another, "file_x", "sediment%3A%2F%2Fleft-out", "..%2F..%2Fmarkdown"] {
        assert_eq!(face(&visitor.get(&format!("{}/files/{file}", link.path())).await), face(&gone), "{file}");
        assert_eq!(face(&owner.get(&format!("{}/files/{file}", link.path())).await), face(&gone), "{file} for the owner");
    }
    assert_eq!((visitor.get(mine).await.status, visitor.get(other).await.status), (200, 200));

    // From the update on the new picture shows.
    publish::change(&app, &owner.user, &link.id, Change::latest(), Via::Web).await.unwrap();
    let now = addresses(&visitor, &link).await;
    assert_eq!(now.len(), 2);
    for path in &now {
        assert_eq!(visitor.get(path).await.status, 200);
    }
}

#[tokio::test]
async fn an_update_ends_a_picture_that_no_longer_shows() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = app.small_talk(&owner.user).await;
    let file = app.picture(&talk).await;
    let before = talk.messages.last().unwrap().clone();
    app.say_parts(&mut talk, "user", &[image(&file)]).await;
    let link = app.share(&owner.user, &talk).await;
    let [path] = &addresses(&app.anonymous(), &link).await[..] else { panic!("one picture shows") };
    assert_eq!(app.anonymous().get(path).await.status, 200);
    write_tx!(app.db, "test: another branch", |tx| {
        sqlx::query("UPDATE conversations SET current_message_id = $1 WHERE id = $2").bind(&before).bind(&talk.id).execute(tx).await?;
        Ok(())
    })
    .unwrap();
    publish::change(&app, &owner.user, &link.id, Change::latest(), Via::Web).await.unwrap();
    assert_eq!(face(&app.anonymous().get(path).await), face(&never(&app).await));
    assert_eq!(kept_pictures(&app).await, 0);
}
