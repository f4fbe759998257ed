//! Settings › Activity in a browser.

use takeback::accounts::people;
use takeback::audit::Via;

use crate::support::{Browser, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_reads_filters_and_takes_along_what_everybody_did() {
    let app = TestApp::start().await;
    let (admin, owner, other) = (app.admin().await, app.owner().await, app.other().await);
    let talk = app.small_talk(&owner.user).await;
    let mut links = Vec::new();
    for _ in 0..60 {
        links.push(app.share(&owner.user, &talk).await.id);
    }
    // From a request, so that there is an address to be looked at.
    owner.post_form(&format!("/links/{}/delete", links[0]), &[]).await;
    owner.post_form("/signin", &[("email", &other.user.email), ("password", "wrong")]).await;
    app.anonymous().post_form("/signin", &[("email", &other.user.email), ("password", "not it")]).await;
    let failed = "SELECT COUNT(*) FROM audit_events WHERE action = 'user.sign_in_failed'";
    while sqlx::query_scalar::<_, i64>(failed).fetch_one(app.db.reader()).await.unwrap() < 2 {
        // They are written down beside the answer.
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    app.key_of(&other.user, &[]).await;
    people::disable(&app, &admin.user.id, &other.user.id, Via::Cli).await.unwrap();
    people::enable(&app, &admin.user.id, &other.user.id, Via::Cli).await.unwrap();
    let Some(browser) = Browser::of(&app, &admin).await else { return };
    browser.goto("/settings").await;
    browser.press("Activity").await;
    browser.sees("What you did").await;
    browser.press("Everybody’s").await;
    browser.sees("What everybody did on this server").await;
    browser.until("document.querySelectorAll('#activity-rows tr[id]').length === 50").await;
    browser.assert_fine("activity-all").await;
    browser.look(1280, "light").await;
    browser.press("Load more").await;
    browser
        .until("document.querySelectorAll('#activity-rows tr[id]').length > 60 && !document.querySelector('#activity-rows tr.more')")
        .await;
    browser.goto("/settings/activity?who=all&kind=links").await;
    browser.press("Export").await;
    browser.sees("CSV, for a spreadsheet").await;
    browser.assert_fine("activity-export").await;

    browser.goto("/settings/activity?who=all").await;
    // A choice is enough.
    browser.click("#kind option[value='sign_ins']").await;
    browser.until("location.search.includes('kind=sign_ins')").await;
    browser.sees("Sign-in failed").await;
    assert!(!browser.text().await.contains("Link made"));
    browser.fill("#person", "nobody@example.org").await;
    browser.press("Show").await;
    browser.sees("Nobody here has the e-mail address nobody@example.org.").await;
    browser.assert_fine("activity-nobody").await;
    assert_eq!(browser.foreign_requests().await, Vec::<String>::new());
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_it_is_filtered_and_goes_on() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    for _ in 0..51 {
        app.share(&owner.user, &talk).await;
    }
    app.key_of(&owner.user, &[]).await;
    let Some(browser) = Browser::of(&app, &owner).await else { return };
    browser.without_scripts().await;
    browser.goto("/settings/activity?kind=keys").await;
    browser.sees("API key made").await;
    browser.goto("/settings/activity?kind=links").await;
    browser.press("Show").await;
    browser.sees("Link made").await;
    browser.press("Load more").await;
    let oldest = "SELECT object_id FROM audit_events WHERE action = 'shared_link.created' ORDER BY at, id LIMIT 1";
    browser.sees(&sqlx::query_scalar::<_, String>(oldest).fetch_one(app.db.reader()).await.unwrap()).await;
}
