//! Talking to an assistant without an account.

use super::Scene;
use crate::support::{Drawn, Script};

#[tokio::test]
async fn whoever_has_the_link_talks_to_it_and_finds_the_chat_again() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    let page = guest.get(&scene.at("")).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("set-cookie"), "", "who says nothing is not remembered");
    assert_eq!(page.header("x-robots-tag"), "noindex, nofollow, noarchive");
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    for words in ["Tea Counsel", "Knows tea.", "How long does green tea steep?", "Shared anonymously", "7 days after you used it last"] {
        assert!(page.body.contains(words), "{words}");
    }
    assert_eq!(guest.get(&scene.at("/picture")).await.header("content-type"), "image/gif");

    scene.ask(&guest, "How long?", Script::says("Two minutes.")).await;
    let told = scene.upstream.requests()[0].json["messages"][0]["content"].as_str().unwrap().to_owned();
    assert!(told.contains("heliotropezander") && told.contains("quincemarrow"));
    let page = guest.get(&scene.at("")).await.body;
    assert!(page.contains("How long?") && page.contains("Two minutes.") && page.contains("Delete chat"));
    scene.ask(&guest, "How hot?", Script::says("At 75 °C.")).await;
    let sent = scene.upstream.requests()[1].json["messages"].as_array().unwrap().len();
    assert_eq!(sent, 4, "it goes on where it was");
    assert_eq!(scene.app.chats_of(&scene.link).await.len(), 1);
}

#[tokio::test]
async fn the_cookie_is_a_secret_of_which_only_a_hash_is_stored() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    scene.upstream.answer_next(Script::says("Two minutes."));
    let reply = guest.say(&scene.at("/messages"), "How long?", "", &[]).await;
    let cookie = reply.header("set-cookie").to_owned();
    for word in ["takeback-guest=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let secret = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(secret.len() >= 43);
    let hash: Vec<u8> = sqlx::query_scalar("SELECT token_hash FROM guests").fetch_one(scene.app.db.reader()).await.unwrap();
    assert_eq!(hash, takeback::guests::cookie::hash(&scene.link.id, secret));
    // It opens no door but this one.
    assert!(guest.get("/").await.location().starts_with("/signin"));
    assert_eq!(guest.get("/conversations").await.status, 303);
}

#[tokio::test]
async fn guests_do_not_see_each_other_and_nobody_sees_them() {
    let scene = Scene::new().await;
    let (first, second) = (scene.app.anonymous(), scene.app.anonymous());
    let chat = scene.ask(&first, "Is saffronwhistle a tea?", Script::says("It is not.")).await;
    scene.ask(&second, "And rooibos?", Script::says("No leaf of tea.")).await;
    let page = second.get(&scene.at("")).await.body;
    assert!(page.contains("And rooibos?") && !page.contains("saffronwhistle") && !page.contains("It is not."));
    assert!(!scene.app.anonymous().get(&scene.at("")).await.body.contains("saffronwhistle"));
    // Nor the owner of the assistant, by whatever way, nor who runs the server.
    let admin = scene.app.admin().await;
    for person in [&scene.owner, &admin] {
        assert_eq!(person.get(&format!("/c/{chat}")).await.status, 404);
        assert_eq!(person.get(&format!("/c/{chat}/share")).await.status, 404);
        assert_eq!(person.get(&format!("/c/{chat}/events")).await.status, 404);
        for path in ["/", "/conversations?q=saffronwhistle", "/links", &scene.at(""), &format!("/assistants/{}/edit", scene.assistant)] {
            assert!(!person.get(path).await.body.contains("saffronwhistle?"), "{path}");
        }
    }
    assert!(!admin.get("/settings/people").await.body.contains("Guest"));
}

#[tokio::test]
async fn a_guest_is_told_the_answer_as_it_is_written() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    scene.asking(&guest).await;
    let drawn = Drawn::from_page(&guest.get(&scene.at("")).await.body);
    let mut line = guest.listen(&scene.at(&format!("/events?have={}&last={}", drawn.have, drawn.message)), "").await;
    scene.upstream.release_all();
    let row = line.find("end").await.data["html"].as_str().unwrap().to_owned();
    assert!(row.contains("not a second longer.") && !row.contains("/c/"), "{row}");
    // Without a chat there is nothing to listen to.
    assert_eq!(scene.app.anonymous().get(&scene.at("/events")).await.status, 404);
}

#[tokio::test]
async fn a_guest_s_button_deletes_all_that_was_said() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    let chat = scene.ask(&guest, "How long?", Script::says("Two minutes.")).await;
    assert_eq!(guest.post_form(&scene.at("/clear"), &[]).await.location(), scene.link.path());
    let page = guest.get(&scene.at("")).await.body;
    assert!(!page.contains("Two minutes.") && page.contains("How long does green tea steep?"));
    scene.app.finish_jobs().await;
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM messages WHERE conversation_id = $1")
        .bind(&chat)
        .fetch_one(scene.app.db.reader())
        .await
        .unwrap();
    assert_eq!(left, 0);
    // And then it begins anew.
    scene.ask(&guest, "And black tea?", Script::says("Four minutes.")).await;
    assert!(guest.get(&scene.at("")).await.body.contains("Four minutes."));
}

#[tokio::test]
async fn a_guest_who_closes_the_tab_stops_the_upstream() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    let chat = scene.asking(&guest).await;
    let line = guest.listen(&scene.at("/events"), "").await;
    drop(line);
    scene.upstream.disconnected(0).await;
    assert_eq!(scene.app.answered(&chat).await.state, "stopped");
}

#[tokio::test]
async fn a_view_by_the_owner_is_none() {
    let scene = Scene::new().await;
    scene.owner.get(&scene.at("")).await;
    scene.app.anonymous().get(&scene.at("")).await;
    scene.app.other().await.get(&scene.at("")).await;
    let page = scene.owner.get(&format!("/assistants/{}/edit", scene.assistant)).await.body;
    assert!(page.contains("2 views"), "{page}");
}
