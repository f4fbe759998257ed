//! A member who comes by a link has a conversation like any other, on the purse of who gave the link out.

use takeback::audit::Via;
use takeback::guests::caps::Caps;
use takeback::links::revoke;

use super::Scene;
use crate::support::Script;

#[tokio::test]
async fn it_remembers_its_assistant_and_goes_on_while_the_link_is_open() {
    let scene = Scene::new().await;
    scene.app.cap(&scene.link, Caps { guest_messages_a_day: 2, ..Caps::default() }).await;
    let other = scene.app.other().await;
    assert!(other.get(&scene.at("")).await.body.contains("becomes one of your conversations"));
    scene.upstream.answer_always(Script::says("Two minutes."));
    let reply = other.say(&scene.at("/messages"), "How long?", "", &[]).await;
    let id = reply.location().strip_prefix("/c/").unwrap().to_owned();
    scene.app.answered(&id).await;
    let page = other.get(&format!("/c/{id}")).await.body;
    assert!(page.contains("Tea Counsel") && page.contains("id=\"composer\""), "it can be gone on with: {page}");
    other.say(&format!("/c/{id}/messages"), "How hot?", "", &[]).await;
    scene.app.answered(&id).await;
    // The caps are for them too.
    let reply = other.say(&format!("/c/{id}/messages"), "And now?", "", &[]).await;
    assert_eq!(reply.status, 429);
    assert!(reply.body.contains("as many messages as one visitor may"));
    // Deleted, what was said stays theirs, and nothing more is said.
    revoke::delete(&scene.app, &scene.owner.user.id, &scene.link.id, Via::Web).await.unwrap();
    scene.app.advance(std::time::Duration::from_secs(86_400));
    assert_eq!(other.say(&format!("/c/{id}/messages"), "Still there?", "", &[]).await.status, 400);
    let page = other.get(&format!("/c/{id}")).await.body;
    assert!(page.contains("Two minutes.") && page.contains("isn’t there for you any more"));
    assert_eq!(scene.upstream.requests().iter().filter(|asked| !asked.json.to_string().contains("You name")).count(), 2);
}

#[tokio::test]
async fn an_answer_to_a_member_ends_with_the_link() {
    let scene = Scene::new().await;
    let other = scene.app.other().await;
    scene.upstream.answer_next(Script::says("Two minutes, no more.").hold_before(1));
    let reply = other.say(&scene.at("/messages"), "How long?", "", &[]).await;
    let id = reply.location().strip_prefix("/c/").unwrap().to_owned();
    scene.upstream.held(1).await;
    scene.owner.post_form(&format!("/links/{}/delete", scene.link.id), &[("from", "links")]).await;
    assert_eq!(scene.app.answered(&id).await.state, "stopped");
}
