//! The section Share of the editor, the list of links, and the API.

use serde_json::json;

use super::Scene;
use crate::support::assistant_form;

#[tokio::test]
async fn a_link_is_made_in_the_editor_and_listed_with_the_others() {
    let scene = Scene::new().await;
    let made = scene.owner.post_form(&format!("/assistants/{}/links", scene.assistant), &[("author", "name")]).await;
    assert_eq!((made.status, made.location()), (303, format!("/assistants/{}/edit#share", scene.assistant).as_str()));
    let list = scene.owner.get("/links").await.body;
    assert_eq!(list.matches("<span class=\"tag\">assistant</span>").count(), 2, "{list}");
    assert!(list.contains(&scene.link.path()) && list.contains("Tea Counsel") && list.contains("by <bdi>Ada Quillfeather</bdi>"));
    // Only its owner gives it out.
    let other = scene.app.other().await;
    assert_eq!(other.post_form(&format!("/assistants/{}/links", scene.assistant), &[]).await.status, 404);
    scene.owner.post_form(&format!("/assistants/{}/visibility", scene.assistant), &[("listed", "true")]).await;
    assert_eq!(other.post_form(&format!("/assistants/{}/links", scene.assistant), &[]).await.status, 404);
}

#[tokio::test]
async fn a_draft_is_given_to_nobody_and_visitors_get_what_is_published() {
    let scene = Scene::new().await;
    let draft = scene.owner.make_assistant(assistant_form("Letters", "Write letters.")).await;
    let reply = scene.owner.post_form(&format!("/assistants/{draft}/links"), &[]).await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("Publish the assistant first"));
    scene
        .owner
        .post_assistant(&format!("/assistants/{}/edit", scene.assistant), assistant_form("Coffee Counsel", "Speak of coffee."))
        .await;
    let guest = scene.app.anonymous();
    assert!(guest.get(&scene.at("")).await.body.contains("Tea Counsel"));
    scene.owner.post_form(&format!("/assistants/{}/publish", scene.assistant), &[]).await;
    assert!(guest.get(&scene.at("")).await.body.contains("Coffee Counsel"));
    assert!(scene.owner.get("/links").await.body.contains("Coffee Counsel"), "the link is called as the assistant is");
}

#[tokio::test]
async fn programs_make_pause_list_and_delete_it() {
    let scene = Scene::new().await;
    let program = scene.app.program_of(&scene.owner.user).await;
    let made = program.post("/v1/shared_links", &json!({"target": {"type": "assistant", "id": scene.assistant}})).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let link = made.json();
    let id = link["id"].as_str().unwrap();
    assert_eq!(link["target"], json!({"type": "assistant", "id": scene.assistant}));
    assert!(link["url"].as_str().unwrap().contains("/g/"));
    assert_eq!((&link["title"], &link["access"], &link["status"]), (&json!("Tea Counsel"), &json!("anyone"), &json!("active")));
    let one = format!("/v1/shared_links/{id}");
    let paused = program.post(&one, &json!({"access": "paused"})).await.json();
    assert_eq!((&paused["access"], &paused["status"]), (&json!("paused"), &json!("paused")));
    let token = takeback::ids::token_of(id).to_owned();
    assert_eq!(scene.app.anonymous().get(&format!("/g/{token}")).await.status, 404);
    let ids = async |query: &str| -> Vec<String> {
        let list = program.get(&format!("/v1/shared_links{query}")).await.json();
        list["data"].as_array().unwrap().iter().map(|link| link["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("?target_type=assistant").await.len(), 2);
    assert_eq!(ids("?target_type=conversation").await.len(), 0);
    assert_eq!(ids("?access=paused").await, [id]);
    assert_eq!(ids("?access=anyone").await, [scene.link.id.as_str()]);
    let resumed = program.post(&one, &json!({"access": "anyone"})).await.json();
    assert_eq!(resumed["status"], "active");
    assert_eq!(scene.app.anonymous().get(&format!("/g/{token}")).await.status, 200);
    for (wrong, param) in
        [(json!({"title": "Mine"}), "title"), (json!({"snapshot": "latest"}), "snapshot"), (json!({"access": "nobody"}), "access")]
    {
        let reply = program.post(&one, &wrong).await;
        assert_eq!((reply.status, &reply.json()["error"]["param"]), (400, &json!(param)), "{wrong}");
    }
    assert_eq!(program.delete(&one).await.status, 200);
    assert_eq!(scene.app.anonymous().get(&format!("/g/{token}")).await.status, 404);
}
