//! Settings › Activity.

use std::time::Duration;

use takeback::accounts::people;
use takeback::audit::Via;
use takeback::write_tx;

use crate::support::{START, TestApp};

#[tokio::test]
async fn a_person_sees_what_they_did_and_what_was_done_to_their_account_and_no_more() {
    let app = TestApp::start().await;
    let (admin, owner, other) = (app.admin().await, app.owner().await, app.other().await);
    let mine = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let theirs = app.share(&other.user, &app.small_talk(&other.user).await).await;
    people::enable(&app, &admin.user.id, &owner.user.id, Via::Web).await.unwrap();
    let page = owner.get("/settings/activity").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(&mine.id) && !page.body.contains(&theirs.id));
    assert!(page.body.contains("Account enabled") && page.body.contains("an administrator") && !page.body.contains("Root Thornapple"));
    assert!(!page.body.contains("Tea for two"), "a title is content");
    for path in ["/settings/activity?who=all", "/settings/activity/export?who=all", "/settings/activity?who=all&person=x@example.org"] {
        assert_eq!(owner.get(path).await.status, 403, "{path}");
    }
    let all = admin.get("/settings/activity?who=all").await.body;
    assert!(all.contains(&mine.id) && all.contains(&theirs.id) && all.contains("Ada Quillfeather"));
    let one = admin.get(&format!("/settings/activity?who=all&person={}", owner.user.email.to_uppercase())).await.body;
    assert!(one.contains(&mine.id) && !one.contains(&theirs.id));
    let nobody = admin.get("/settings/activity?who=all&person=no@example.org").await.body;
    assert!(nobody.contains("Nobody here has the e-mail address no@example.org.") && !nobody.contains(&mine.id));
}

#[tokio::test]
async fn filters_by_kind_and_day_narrow_the_page_and_the_export() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let first = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    app.advance(Duration::from_secs(86_400));
    app.key_of(&owner.user, &[]).await;
    let second = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    for path in ["/settings/activity", "/settings/activity/export"] {
        let seen = async |query: &str| {
            let body = owner.get(&format!("{path}?{query}")).await.body;
            (body.contains(&first.id), body.contains(&second.id), body.contains("key_"))
        };
        assert_eq!(seen("").await, (true, true, true));
        assert_eq!(seen("kind=links").await, (true, true, false));
        assert_eq!(seen("kind=keys").await, (false, false, true));
        assert_eq!(seen("until=2026-01-15").await, (true, false, false));
        assert_eq!(seen("since=2026-01-16").await, (false, true, true));
        assert_eq!(seen("since=2026-01-16&kind=links").await, (false, true, false));
        assert_eq!(owner.get(&format!("{path}?since=yesterday")).await.status, 400);
    }
}

#[tokio::test]
async fn more_are_loaded_by_cursor_until_all_are_there() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let mut links = Vec::new();
    for _ in 0..120 {
        links.push(app.share(&owner.user, &talk).await.id);
    }
    let (mut path, mut pages, mut seen) = ("/settings/activity?kind=links".to_owned(), 0, String::new());
    loop {
        let fragment = owner.fragment(&path).await.body;
        pages += 1;
        seen.push_str(&fragment);
        let Some(more) = fragment.split("href=\"").filter_map(|part| part.split('"').next()).find(|href| href.contains("after=")) else {
            break;
        };
        path = more.replace("&amp;", "&").replace("&#38;", "&");
    }
    assert_eq!(pages, 3);
    assert!(links.iter().all(|id| seen.matches(id.as_str()).count() == 1));
}

#[tokio::test]
async fn an_export_holds_all_of_it_and_no_formula() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    // More than are read at once, the last of them with an address that no request has.
    write_tx!(app.db, "test: many events", |tx| {
        for number in 0..1_500 {
            let query = "INSERT INTO audit_events (id, at, user_id, action, object_id, client, address) VALUES ($1, $2, $3, 'shared_link.created', 'link_x', 'web', '=1+1')";
            sqlx::query(query).bind(format!("evt_{number}")).bind(START - 1).bind(&owner.user.id).execute(&mut *tx).await?;
        }
        Ok(())
    })
    .unwrap();
    let link = app.share(&owner.user, &talk).await;
    let csv = owner.get("/settings/activity/export?format=csv").await;
    assert_eq!((csv.status, csv.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"takeback-activity-2026-01-15.csv\"");
    let rows: Vec<&str> = csv.body.lines().collect();
    assert_eq!((rows.len(), rows[0]), (1_502, "id,time,type,user_id,user_email,target_id,client,address"));
    let cells: Vec<&str> = rows[1].split(',').map(|cell| cell.trim_matches('"')).collect();
    assert_eq!(&cells[1..], ["2026-01-15T12:00:00Z", "shared_link.created", &owner.user.id, &owner.user.email, &link.id, "web", ""]);
    assert!(rows[1_501].ends_with("\"'=1+1\""));

    let lines = owner.get("/settings/activity/export?format=jsonl").await;
    assert_eq!(lines.header("content-type"), "application/jsonl");
    let events: Vec<serde_json::Value> = lines.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (events.len(), events[0]["target_id"].as_str(), events[0]["user_email"].as_str()),
        (1_501, Some(link.id.as_str()), Some(owner.user.email.as_str()))
    );
    assert_eq!(owner.get("/settings/activity/export?format=pdf").await.status, 400);
}
