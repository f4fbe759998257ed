//! Gone looks like never was, here as everywhere.

use reqwest::Method;
use takeback::ids;
use takeback::links::link::TargetType;

use super::Scene;
use crate::support::Reply;

#[tokio::test]
async fn every_cause_gives_the_bytes_of_every_other_dead_link() {
    let scene = Scene::new().await;
    let (app, owner) = (&scene.app, &scene.owner);
    let paused = app.give_out(owner, &scene.assistant).await;
    owner.post_form(&format!("/links/{}/pause", paused.id), &[]).await;
    let deleted = app.give_out(owner, &scene.assistant).await;
    owner.post_form(&format!("/links/{}/delete", deleted.id), &[("from", "links")]).await;
    let expired = app.give_out(owner, &scene.assistant).await;
    app.run("UPDATE links SET expires_at = 1 WHERE id = $1", &expired.id).await;
    let talk = app.small_talk(&owner.user).await;
    let conversation = app.share(&owner.user, &talk).await;
    let never = ids::new("link");
    let dead = [&paused.id, &deleted.id, &expired.id, &conversation.id, &never].map(|id| ids::token_of(id).to_owned());
    let mut first: Option<(Vec<u8>, Vec<(String, String)>)> = None;
    let visitor = app.anonymous();
    let mut number = 0_u32;
    for surface in ["", "/picture", "/events"] {
        for token in dead.iter().map(String::as_str).chain(["short", "0OIl0OIl0OIl0OIl0OIl0O"]) {
            number += 1;
            let from = std::net::Ipv4Addr::from(0x0A00_0000 + number).to_string();
            let request = visitor.request(Method::GET, &format!("/g/{token}{surface}")).header("x-forwarded-for", from);
            let reply = Reply::of(request).await;
            assert_eq!(reply.status, 404, "{token}{surface}");
            let mut headers: Vec<_> = reply.headers.iter().map(|(name, value)| (name.to_string(), format!("{value:?}"))).collect();
            headers.retain(|(name, _)| name != "date" && name != "x-request-id");
            assert_eq!(first.get_or_insert((reply.bytes.clone(), headers.clone())), &(reply.bytes, headers), "{token}{surface}");
        }
    }
    // The same as a dead address of a conversation, and an assistant has none of those.
    let share = visitor.get(&format!("/share/{}", ids::token_of(&scene.link.id))).await;
    assert_eq!((share.status, share.bytes), (404, first.unwrap().0));
    assert!(app.gate.ask(TargetType::Conversation, &scene.link.id).await.is_err());
    assert!(app.gate.ask(TargetType::Assistant, &scene.link.id).await.is_ok());
}
