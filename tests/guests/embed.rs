//! The chat in a frame: on the sites that its owner named, without anything of this site's session.

use reqwest::Method;
use takeback::ids;

use super::Scene;
use crate::support::{Reply, Script};

async fn allow(scene: &Scene, sites: &str) {
    let reply = scene.owner.post_form(&format!("/links/{}/frames", scene.link.id), &[("frames", sites)]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
}

#[tokio::test]
async fn a_frame_is_closed_until_a_site_is_named_and_open_on_it_alone() {
    let scene = Scene::new().await;
    let visitor = scene.app.anonymous();
    let embed = scene.at("").replace("/g/", "/embed/g/");
    let never = visitor.get(&format!("/embed/g/{}", ids::token_of(&ids::new("link")))).await;
    let closed = visitor.get(&embed).await;
    assert_eq!((closed.status, &closed.body), (404, &never.body));
    allow(&scene, "https://example.org\nhttps://shop.example:8443/").await;
    let page = visitor.get(&embed).await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.ends_with("frame-ancestors https://example.org https://shop.example:8443"), "{policy}");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!((page.header("x-frame-options"), page.header("x-robots-tag")), ("", "noindex, nofollow, noarchive"));
    assert!(page.body.contains("Tea Counsel") && page.body.contains(&format!("action=\"{embed}/messages\"")));
    // The page itself stands in no frame, and neither does any other.
    let whole = visitor.get(&scene.at("")).await;
    assert!(whole.header("content-security-policy").contains("frame-ancestors 'none'") && whole.header("x-frame-options") == "DENY");
    let editor = scene.owner.get(&format!("/assistants/{}/edit", scene.assistant)).await.body;
    assert!(editor.contains("https://shop.example:8443") && editor.contains(&format!("{embed}&#34; title")), "{editor}");
    allow(&scene, "").await;
    assert_eq!(visitor.get(&embed).await.body, never.body);
}

#[tokio::test]
async fn in_a_frame_nobody_is_signed_in_and_a_guest_is_another_one() {
    let scene = Scene::new().await;
    allow(&scene, "https://example.org").await;
    let embed = scene.at("").replace("/g/", "/embed/g/");
    // Someone with a session here is a guest there.
    let other = scene.app.other().await;
    scene.upstream.answer_next(Script::says("Two minutes."));
    let reply = other.say(&format!("{embed}/messages"), "How long?", "", &[]).await;
    assert_eq!((reply.status, reply.location()), (303, embed.as_str()));
    let cookies: Vec<&str> = reply.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert!(cookies.len() == 1 && cookies[0].starts_with("takeback-frame="), "{cookies:?}");
    let chat = scene.app.chats_of(&scene.link).await.pop().unwrap();
    scene.app.answered(&chat).await;
    assert!(other.get(&embed).await.body.contains("Two minutes."));
    assert_eq!(other.get(&format!("/c/{chat}")).await.status, 404);
    assert!(!other.get("/").await.body.contains("How long?"));
    // Nor is the chat in the frame that of the page.
    assert!(!scene.app.anonymous().get(&scene.at("")).await.body.contains("Two minutes."));
    // Another site's form can't speak for a guest.
    let form = reqwest::multipart::Form::new().text("text", "Not mine");
    let foreign = other.request(Method::POST, &format!("{embed}/messages")).header("sec-fetch-site", "cross-site").multipart(form);
    assert_eq!(Reply::of(foreign).await.status, 403);
    other.post_form(&format!("{embed}/clear"), &[]).await;
    assert!(!other.get(&embed).await.body.contains("Two minutes."));
}

#[tokio::test]
async fn only_the_owner_names_sites_and_only_sites_can_be_named() {
    let scene = Scene::new().await;
    let path = format!("/links/{}/frames", scene.link.id);
    assert_eq!(scene.app.other().await.post_form(&path, &[("frames", "https://example.org")]).await.status, 404);
    for wrong in ["*", "https://*.example", "example.org", "https://a.example;script-src *", "'self'"] {
        let reply = scene.owner.post_form(&path, &[("frames", wrong)]).await;
        assert_eq!(reply.status, 400, "{wrong}");
        assert!(reply.body.contains("is no site."), "{wrong}");
    }
    let talk = scene.app.small_talk(&scene.owner.user).await;
    let link = scene.app.share(&scene.owner.user, &talk).await;
    assert_eq!(scene.owner.post_form(&format!("/links/{}/frames", link.id), &[("frames", "https://example.org")]).await.status, 404);
}
