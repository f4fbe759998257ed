//! People besides its owner who may change an assistant.

use super::Scene;
use crate::support::assistant_form;

#[tokio::test]
async fn an_editor_changes_and_publishes_but_deletes_and_lists_nothing() {
    let scene = Scene::new().await;
    let (other, third) = (scene.app.other().await, scene.app.admin().await);
    assert_eq!(other.get(&scene.path("/edit")).await.status, 404);
    let added = scene.owner.post_form(&scene.path("/editors"), &[("email", " GRACE.Umbermoor@example.org")]).await;
    assert_eq!((added.status, added.location().to_owned()), (303, scene.path("/editors?done=added")));
    let page = scene.owner.get(&scene.path("/editors")).await.body;
    assert!(page.contains("Grace Umbermoor") && page.contains("grace.umbermoor@example.org"));

    assert!(other.get("/assistants").await.body.contains("Tea Counsel"), "it is among their own");
    let page = other.get(&scene.path("/edit")).await.body;
    assert!(page.contains("heliotropezander") && !page.contains(&scene.path("/visibility")) && !page.contains(&scene.path("/delete")));
    let saved = other.post_assistant(&scene.path("/edit"), assistant_form("Coffee Counsel", "Speak of coffee.").text("publish", "1")).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    assert!(scene.owner.get(&scene.path("/versions")).await.body.contains("Grace Umbermoor"));
    // What is the owner's alone.
    for (path, fields) in
        [("/delete", &[][..]), ("/visibility", &[("listed", "true")]), ("/editors", &[("email", "root.thornapple@example.org")])]
    {
        assert_eq!(other.post_form(&scene.path(path), fields).await.status, 403, "{path}");
    }
    let program = scene.app.program_of(&other.user).await;
    assert_eq!(program.delete(&format!("/v1/assistants/{}", scene.id)).await.status, 403);
    assert_eq!(third.get(&scene.path("/editors")).await.status, 404);

    // Taken out, they are like everybody else.
    let remove = scene.path(&format!("/editors/{}/remove", other.user.id));
    assert_eq!(third.post_form(&remove, &[]).await.status, 404);
    assert_eq!(scene.owner.post_form(&remove, &[]).await.status, 303);
    assert_eq!(other.get(&scene.path("/edit")).await.status, 404);
    assert_eq!(scene.owner.post_form(&remove, &[]).await.status, 404, "they are no editor any more");
}

#[tokio::test]
async fn an_editor_can_leave_and_take_out_nobody_else() {
    let scene = Scene::new().await;
    let (other, third) = (scene.app.other().await, scene.app.admin().await);
    for email in ["grace.umbermoor@example.org", "root.thornapple@example.org"] {
        scene.owner.post_form(&scene.path("/editors"), &[("email", email)]).await;
    }
    let page = other.get(&scene.path("/editors")).await.body;
    assert!(page.contains("Root Thornapple") && !page.contains("root.thornapple@example.org"), "addresses are the owner’s to know");
    assert_eq!(other.post_form(&scene.path(&format!("/editors/{}/remove", third.user.id)), &[]).await.status, 403);
    let left = other.post_form(&scene.path(&format!("/editors/{}/remove", other.user.id)), &[]).await;
    assert_eq!(left.location(), "/assistants?done=left");
    assert_eq!(other.get(&scene.path("/edit")).await.status, 404);
}

#[tokio::test]
async fn only_other_members_become_editors() {
    let scene = Scene::new().await;
    for (email, words) in [
        ("nobody@example.org", "No member of this server has this e-mail address."),
        ("", "No member of this server has this e-mail address."),
        ("ada.quillfeather@example.org", "This assistant is yours"),
    ] {
        let reply = scene.owner.post_form(&scene.path("/editors"), &[("email", email)]).await;
        assert_eq!(reply.status, 400, "{email}");
        assert!(reply.body.contains(words), "{email}");
    }
}

#[tokio::test]
async fn what_an_editor_tries_is_their_own() {
    let scene = Scene::new().await;
    let other = scene.app.other().await;
    scene.owner.post_form(&scene.path("/editors"), &[("email", "grace.umbermoor@example.org")]).await;
    scene.app.try_it(&other, &scene.id).await;
    assert!(other.get(&scene.path("/preview")).await.body.contains("What is there?"));
    assert!(!scene.owner.get(&scene.path("/preview")).await.body.contains("What is there?"));
}
