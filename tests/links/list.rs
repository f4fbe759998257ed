//! Settings › Data controls › Shared links.

use std::collections::BTreeSet;

use takeback::write_tx;

use crate::support::{Actor, TestApp};

fn ids_in(html: &str) -> Vec<String> {
    html.split("<tr id=\"").skip(1).map(|row| row.split('"').next().unwrap().to_owned()).collect()
}

async fn all_pages(owner: &Actor, first: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(path) = next {
        let page = owner.fragment(&path).await;
        assert_eq!(page.status, 200);
        ids.extend(ids_in(&page.body));
        next = page
            .body
            .split("href=\"/links?")
            .nth(1)
            .map(|rest| format!("/links?{}", rest.split('"').next().unwrap().replace("&#38;", "&")));
    }
    ids
}

#[tokio::test]
async fn every_link_is_found_once_whatever_the_order_even_when_times_are_equal() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let talk = app.small_talk(&owner.user).await;
    let mut made = BTreeSet::new();
    for at in 0..45_i64 {
        let link = app.share(&owner.user, &talk).await;
        let views = at % 3;
        write_tx!(app.db, "test: views", |tx| {
            sqlx::query("UPDATE links SET views = $1, last_viewed_at = $1 WHERE id = $2").bind(views).bind(&link.id).execute(tx).await?;
            Ok(())
        })
        .unwrap();
        made.insert(link.id);
    }
    app.share(&other.user, &app.small_talk(&other.user).await).await;
    for sort in ["created", "views", "last_viewed"] {
        let listed = all_pages(&owner, &format!("/links?sort={sort}")).await;
        assert_eq!(listed.len(), 45, "{sort}");
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), made, "{sort}");
    }
}

#[tokio::test]
async fn the_search_takes_its_words_literally_and_ignores_case() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for title in ["100% Ärger", "100 things", "Spring_Campaign"] {
        let talk = app.talk(&owner.user, title, &[("user", "Hello")]).await;
        app.share(&owner.user, &talk).await;
    }
    for (words, found) in [("100%25", 1), ("100", 2), ("%C3%A4rger", 1), ("spring_", 1), ("spring-", 0), ("%25", 1)] {
        assert_eq!(all_pages(&owner, &format!("/links?q={words}")).await.len(), found, "{words}");
    }
}

#[tokio::test]
async fn the_list_goes_on_after_its_last_row_was_deleted() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    for _ in 0..25 {
        app.share(&owner.user, &talk).await;
    }
    let first = owner.fragment("/links").await;
    let last = ids_in(&first.body).pop().unwrap();
    let more = first.body.split("href=\"/links?").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    owner.post_form(&format!("/links/{last}/delete"), &[]).await;
    assert_eq!(ids_in(&owner.fragment(&format!("/links?{more}")).await.body).len(), 5);
}

#[tokio::test]
async fn a_cursor_that_no_list_gave_out_is_a_clear_error() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for cursor in ["link_x", "x.link_x", "."] {
        let answer = owner.get(&format!("/links?after={cursor}")).await;
        assert_eq!(answer.status, 400, "{cursor}");
        assert!(answer.body.contains("Reload the page"));
    }
}

#[tokio::test]
async fn a_link_is_found_by_its_address_and_nobody_else_s_is() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let talk = app.small_talk(&owner.user).await;
    let (link, _) = (app.share(&owner.user, &talk).await, app.share(&owner.user, &talk).await);
    for words in [format!("https%3A%2F%2Fchat.example.org{}", link.path().replace('/', "%2F")), link.id.clone()] {
        assert_eq!(ids_in(&owner.fragment(&format!("/links?q={words}")).await.body), std::slice::from_ref(&link.id), "{words}");
        assert!(ids_in(&other.fragment(&format!("/links?q={words}")).await.body).is_empty());
    }
}
