//! The library.

use super::Scene;
use crate::support::{TestApp, assistant_form};

#[tokio::test]
async fn an_empty_library_says_what_will_be_here() {
    let app = TestApp::start().await;
    let page = app.owner().await.get("/assistants").await.body;
    assert!(page.contains("No assistants yet") && page.contains("/assistants/new"));
}

#[tokio::test]
async fn it_shows_one_s_own_and_what_others_listed_as_it_was_published() {
    let scene = Scene::new().await;
    let other = scene.app.other().await;
    assert!(!other.get("/assistants").await.body.contains("Tea Counsel"));
    scene.list().await;
    scene.owner.post_assistant(&scene.path("/edit"), assistant_form("Coffee Counsel", "Speak of coffee.")).await;
    let (mine, theirs) = (scene.owner.get("/assistants").await.body, other.get("/assistants").await.body);
    assert!(mine.contains("Coffee Counsel") && !mine.contains("Tea Counsel"), "editors see the newest version");
    assert!(theirs.contains("Tea Counsel") && theirs.contains("Ada Quillfeather") && !theirs.contains("Coffee Counsel"));
}

#[tokio::test]
async fn a_search_finds_names_and_descriptions() {
    let scene = Scene::new().await;
    scene.owner.make_assistant(assistant_form("Letters", "Write letters.").text("description", "For Tuesdays.")).await;
    let found = |body: &str| ["Tea Counsel", "Letters"].map(|name| body.contains(&format!("<b dir=\"auto\">{name}</b>")));
    for (words, names) in [("", [true, true]), ("TEA", [true, false]), ("tuesday", [false, true]), ("%", [false, false])] {
        let page = scene.owner.get(&format!("/assistants?q={}", crate::support::encode(words))).await.body;
        assert_eq!(found(&page), names, "{words}");
    }
}

#[tokio::test]
async fn the_assistants_of_who_may_not_come_in_any_more_are_nobody_s() {
    let scene = Scene::new().await;
    scene.list().await;
    let other = scene.app.other().await;
    assert_eq!(other.get(&scene.path("")).await.status, 200);
    scene.app.run("UPDATE users SET disabled_at = 1 WHERE id = $1", &scene.owner.user.id).await;
    assert_eq!(other.get(&scene.path("")).await.status, 404);
    assert!(!other.get("/assistants").await.body.contains("Tea Counsel"));
}
