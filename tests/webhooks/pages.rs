//! Settings › Webhooks, without scripts.

use super::{idle, pass, start};
use crate::support::{Actor, Receiver, Reply, TestApp};

const EVENTS: [(&str, &str); 2] = [("event_types", "shared_link.created"), ("event_types", "shared_link.deleted")];

async fn make(owner: &Actor, name: &str, url: &str) -> Reply {
    owner.post_form("/settings/webhooks", &[("name", name), ("url", url), EVENTS[0], EVENTS[1]]).await
}

fn secret(page: &Reply) -> Option<String> {
    Some(page.body.split("id=\"secret\" value=\"").nth(1)?.split('"').next()?.to_owned())
}

fn id(page: &Reply) -> String {
    format!("whe_{}", page.body.split("/settings/webhooks/whe_").nth(1).unwrap().split(['/', '"']).next().unwrap())
}

fn delivery(page: &Reply) -> String {
    format!("whd_{}", page.body.split("<tr id=\"whd_").nth(1).unwrap().split('"').next().unwrap())
}

#[tokio::test]
async fn a_webhook_is_made_shown_its_secret_once_tested_paused_and_told_again() {
    let app = start().await;
    let owner = app.owner().await;
    let receiver = Receiver::start().await;
    assert!(owner.get("/settings/webhooks").await.body.contains("id=\"no-webhooks\""));
    let page = make(&owner, "Dash <board>", &receiver.url()).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    let (secret, id) = (secret(&page).unwrap(), id(&page));
    let own = format!("/settings/webhooks/{id}");
    let again = owner.get(&own).await;
    assert!(super::pages::secret(&again).is_none() && again.body.contains("Dash &#60;board&#62;") && again.body.contains("Nothing yet."));
    assert!(owner.get("/settings/webhooks").await.body.contains(&receiver.url()));

    let tested = owner.post_form(&format!("{own}/test"), &[("event_type", "shared_link.deleted")]).await;
    assert!(tested.body.contains("It answered 204: it took the test."), "{}", tested.body);
    assert!(receiver.heard(1).await[0].is_signed_with(&secret));
    receiver.answer_next(&[500]);
    let tested = owner.post_form(&format!("{own}/test"), &[("event_type", "shared_link.created")]).await;
    assert!(tested.body.contains("It answered 500. An event would be sent again, later."), "{}", tested.body);
    assert_eq!(owner.post_form(&format!("{own}/test"), &[("event_type", "x")]).await.status, 400);

    receiver.answer_next(&[500]);
    let talk = app.small_talk(&owner.user).await;
    app.share(&owner.user, &talk).await;
    receiver.heard(3).await;
    idle(&app).await;
    let waits = owner.get(&own).await;
    for words in ["tried again later", "It answered 500.", "It has taken nothing since 15 January 2026", "Send now"] {
        assert!(waits.body.contains(words), "{words}: {}", waits.body);
    }
    let again = owner.post_form(&format!("{own}/deliveries/{}/again", delivery(&waits)), &[]).await;
    assert_eq!((again.status, again.location()), (303, format!("{own}?done=again").as_str()));
    // The endpoint failed a moment ago, and has its pause.
    pass(&app, std::time::Duration::from_secs(6));
    receiver.heard(4).await;
    idle(&app).await;
    let done = owner.get(&own).await;
    assert!(done.body.contains(">delivered<") && done.body.contains("It answered 204."), "{}", done.body);

    let paused = owner.post_form(&format!("{own}/state"), &[("enabled", "false")]).await;
    assert_eq!(paused.location(), format!("{own}?done=off"));
    let page = owner.get(&own).await;
    assert!(page.body.contains(">paused<") && page.body.contains("Switch on") && !page.body.contains("Send again"), "{}", page.body);
    assert_eq!(owner.post_form(&format!("{own}/deliveries/{}/again", delivery(&page)), &[]).await.status, 400);
    app.share(&owner.user, &talk).await;
    assert_eq!(owner.post_form(&format!("{own}/state"), &[("enabled", "true")]).await.status, 303);
    app.share(&owner.user, &talk).await;
    receiver.heard(5).await;
    idle(&app).await;
    assert_eq!(receiver.all().len(), 5, "what happened while it was paused is not told");
}

#[tokio::test]
async fn it_is_changed_given_a_new_secret_and_deleted() {
    let app = start().await;
    let owner = app.owner().await;
    let receiver = Receiver::start().await;
    let page = make(&owner, "Mine", &receiver.url()).await;
    let (old, own) = (secret(&page).unwrap(), format!("/settings/webhooks/{}", id(&page)));
    let changed = owner.post_form(&own, &[("name", "Yours"), ("url", &receiver.url()), EVENTS[0]]).await;
    assert_eq!(changed.location(), format!("{own}?done=changed"));
    assert!(owner.get(&own).await.body.contains("<h1 dir=\"auto\">Yours</h1>"));

    let question = owner.fragment(&format!("{own}/secret")).await;
    assert!(question.body.contains("Make a new secret?") && !question.body.contains("<html"));
    let page = owner.post_form(&format!("{own}/secret"), &[("keep_old", "true")]).await;
    let new = secret(&page).unwrap();
    assert_ne!(new, old);
    owner.post_form(&format!("{own}/test"), &[("event_type", "shared_link.created")]).await;
    let both = receiver.heard(1).await.remove(0);
    assert!(both.is_signed_with(&old) && both.is_signed_with(&new));
    let page = owner.post_form(&format!("{own}/secret"), &[]).await;
    owner.post_form(&format!("{own}/test"), &[("event_type", "shared_link.created")]).await;
    let one = receiver.heard(2).await.remove(1);
    assert!(one.is_signed_with(&secret(&page).unwrap()) && !one.is_signed_with(&new));

    let question = owner.fragment(&format!("{own}/delete")).await;
    assert!(question.body.contains("Delete this webhook?") && question.body.contains("Yours"));
    let gone = owner.post_form(&format!("{own}/delete"), &[]).await;
    assert_eq!(gone.location(), "/settings/webhooks?done=deleted");
    assert!(owner.get("/settings/webhooks?done=deleted").await.body.contains("The webhook is deleted."));
    for path in ["", "/secret", "/delete"] {
        assert_eq!(owner.get(&format!("{own}{path}")).await.status, 404);
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_said_beside_it_and_what_was_typed_is_kept() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let made = make(&owner, "There", "https://example.org/hook").await;
    let own = format!("/settings/webhooks/{}", id(&made));
    for (name, url, events, words) in [
        ("", "https://example.org/", &EVENTS[..], "The name is empty"),
        ("Typed", "", &EVENTS, "isn’t the address of a server"),
        ("Typed", "http://example.org/", &EVENTS, "must begin with https://"),
        ("Typed", "https://10.0.0.1/", &EVENTS, "private_webhooks = true"),
        ("Typed", "https://example.org/", &[], "Choose at least one event"),
        ("Typed", "https://example.org/", &[("event_types", "shared_link.opened")], "There is no such event"),
    ] {
        let fields: Vec<(&str, &str)> = [("name", name), ("url", url)].into_iter().chain(events.iter().copied()).collect();
        for path in ["/settings/webhooks", own.as_str()] {
            let page = owner.post_form(path, &fields).await;
            assert_eq!(page.status, 400, "{path} {fields:?}");
            assert!(page.body.contains(words) && secret(&page).is_none(), "{path} {fields:?}: {}", page.body);
            assert!(
                page.body.contains(&format!("value=\"{name}\"")) && page.body.contains(&format!("value=\"{url}\"")),
                "{path} {fields:?}"
            );
        }
    }
    let rows = app.rows().await;
    let rows: Vec<&String> = rows.iter().filter(|row| row.starts_with("webhook_endpoints")).collect();
    assert!(rows.len() == 1 && rows[0].contains("There"), "{rows:?}");
    for at in 1..10 {
        assert_eq!(make(&owner, &format!("Number {at}"), "https://example.org/hook").await.status, 200);
    }
    assert!(owner.get("/settings/webhooks").await.body.contains("as many as one person can have"));
    assert_eq!(make(&owner, "One more", "https://example.org/hook").await.status, 400);
}

#[tokio::test]
async fn many_deliveries_are_shown_page_by_page() {
    let app = start().await;
    let owner = app.owner().await;
    let receiver = Receiver::start().await;
    let own = format!("/settings/webhooks/{}", id(&make(&owner, "Mine", &receiver.url()).await));
    let talk = app.small_talk(&owner.user).await;
    for _ in 0..25 {
        app.share(&owner.user, &talk).await;
    }
    receiver.heard(25).await;
    idle(&app).await;
    let first = owner.get(&own).await;
    assert_eq!(first.body.matches("<tr id=\"whd_").count(), 20);
    let older = first.body.split(&format!("{own}?before=")).nth(1).unwrap().split('"').next().unwrap();
    let second = owner.get(&format!("{own}?before={older}")).await;
    assert_eq!(second.body.matches("<tr id=\"whd_").count(), 5);
    assert!(second.body.contains(">Newest<") && !second.body.contains(">Older<"));
    assert_eq!(owner.get(&format!("{own}?before=whd_none")).await.status, 404);
}
