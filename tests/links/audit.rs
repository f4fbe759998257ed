//! `takeback links audit`: links that deserve a look, and an exit code for cron.

use serde_json::{Value, json};
use takeback::accounts::people;
use takeback::audit::Via;

use super::command::run;
use crate::support::{Talk, TestApp};

/// A link that was made today by the machine's clock; the test's own stands in January 2026.
async fn of_today(app: &TestApp, talk: &Talk, named: bool) -> String {
    let arguments = ["share", &talk.id, "--named"];
    let (code, out, err) = run(app, if named { &arguments } else { &arguments[..2] }, "no token").await;
    assert_eq!(code, 0, "{err}");
    format!("link_{}", out.trim_end().rsplit('/').next().unwrap())
}

/// What the audit finds: ids and reasons, in its order.
async fn found(app: &TestApp, arguments: &[&str]) -> (i32, Vec<(String, Value)>) {
    let (code, out, err) = run(app, &[&["links", "audit", "--json"], arguments].concat(), "no token").await;
    assert_eq!(err, "");
    let list: Value = serde_json::from_str(&out).unwrap();
    let links = list["data"].as_array().unwrap().iter().map(|link| (link["id"].as_str().unwrap().to_owned(), link["reasons"].clone()));
    (code, links.collect())
}

#[tokio::test]
async fn it_finds_what_nobody_opens_what_outlived_its_owner_and_what_has_a_name_and_exits_3() {
    let app = TestApp::start().await;
    let (admin, owner, other) = (app.admin().await, app.owner().await, app.other().await);
    let (mine, theirs) = (app.small_talk(&owner.user).await, app.small_talk(&other.user).await);
    let quiet = of_today(&app, &mine, false).await;
    assert_eq!(found(&app, &[]).await, (0, Vec::new()));
    assert_eq!(run(&app, &["links", "audit"], "no token").await, (0, "No link needs a look.\n".into(), String::new()));

    let named = of_today(&app, &mine, true).await;
    let old = app.share(&owner.user, &mine).await.id;
    let opened = app.share(&owner.user, &mine).await.id;
    // Somebody opened it a moment ago: a time far ahead of any machine's clock.
    app.run("UPDATE links SET created_at = created_at + 1, last_viewed_at = 9000000000000000 WHERE id = $1", &opened).await;
    // Earlier within what the machine's clock can tell apart.
    app.run("UPDATE links SET created_at = created_at - 5000000 WHERE id = $1", &named).await;
    let left = of_today(&app, &theirs, false).await;
    people::disable(&app, &admin.user.id, &other.user.id, Via::Web).await.unwrap();
    // The oldest first.
    let expected = [(old.clone(), json!(["stale"])), (named.clone(), json!(["named"])), (left.clone(), json!(["owner_disabled"]))];
    assert_eq!(found(&app, &["--stale", "1d"]).await, (3, expected.to_vec()));
    assert_eq!(found(&app, &["--stale", "36500d"]).await.1, expected[1..]);
    assert_eq!(found(&app, &["--stale", "1", "--user", &owner.user.email]).await, (3, expected[..2].to_vec()));

    let (code, out, _) = run(&app, &["links", "audit", "--stale", "1d"], "no token").await;
    assert_eq!(code, 3);
    for words in [&old, &named, &left, "not opened for a day", "shows its owner's name", "of a disabled account", &owner.user.email] {
        assert!(out.contains(words), "{words}: {out}");
    }
    assert!(!out.contains(&quiet) && !out.contains(&opened) && out.lines().count() == 4, "{out}");
}

#[tokio::test]
async fn a_link_that_has_ended_is_closed_and_needs_no_look() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await.id;
    assert_eq!(found(&app, &["--stale", "1d"]).await, (3, vec![(link.clone(), json!(["stale"]))]));
    app.run("UPDATE links SET expires_at = created_at + 1 WHERE id = $1", &link).await;
    assert_eq!(found(&app, &["--stale", "1d"]).await, (0, Vec::new()));
}
