//! `/v1/assistants`, and an assistant's id as a model.

use serde_json::{Value, json};

use super::Scene;
use crate::support::{Caller, Script, Step, assistant_form};

async fn ids_of(program: &Caller, path: &str) -> Vec<String> {
    let list = program.get(path).await.json();
    list["data"].as_array().unwrap_or_else(|| panic!("{list}")).iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn path(id: &Value) -> String {
    format!("/v1/assistants/{}", id.as_str().unwrap())
}

#[tokio::test]
async fn it_is_made_changed_published_listed_and_deleted() {
    let scene = Scene::new().await;
    let program = scene.app.program_of(&scene.owner.user).await;
    let made = program
        .post(
            "/v1/assistants",
            &json!({
                "name": "Coffee Counsel", "description": "Knows coffee.", "emoji": "☕", "instructions": "Speak of coffee.",
                "starters": ["How hot?"], "model": "upstream/brewer-9", "temperature": 0.7,
                "knowledge": [{"name": "beans.md", "text": "Arabica."}],
            }),
        )
        .await
        .json();
    let id = made["id"].as_str().unwrap_or_else(|| panic!("{made}"));
    let file = made["configuration"]["knowledge"][0]["id"].clone();
    assert_eq!(
        made,
        json!({
            "id": id, "object": "assistant", "created_at": 1_768_478_400, "updated_at": 1_768_478_400, "name": "Coffee Counsel",
            "description": "Knows coffee.", "emoji": "☕", "starters": ["How hot?"], "visibility": "private",
            "owner_name": "Ada Quillfeather", "owned": true, "editable": true, "version": 1, "published_version": null,
            "configuration": {
                "instructions": "Speak of coffee.", "model": "upstream/brewer-9", "temperature": 0.7,
                "knowledge": [{"id": file, "name": "beans.md", "bytes": 8}],
            },
        })
    );
    // What is left out stays.
    let body = json!({"instructions": "Speak of coffee alone.", "knowledge": [{"id": file}, {"name": "cups.md", "text": "Small."}]});
    let changed = program.post(&path(&made["id"]), &body).await.json();
    assert_eq!((&changed["version"], &changed["name"], &changed["published_version"]), (&json!(2), &json!("Coffee Counsel"), &Value::Null));
    assert_eq!(changed["configuration"]["knowledge"].as_array().unwrap().len(), 2);
    // Nothing happens in part: it can't be listed before it is published.
    let (status, _, param) = program.post(&path(&made["id"]), &json!({"name": "Tea", "visibility": "listed"})).await.refusal();
    assert_eq!((status, param.as_deref()), (400, Some("visibility")));
    let listed = program.post(&path(&made["id"]), &json!({"publish": true, "visibility": "listed"})).await.json();
    assert_eq!(
        (&listed["version"], &listed["published_version"], &listed["visibility"], &listed["name"]),
        (&json!(2), &json!(2), &json!("listed"), &json!("Coffee Counsel"))
    );
    let restored = program.post(&path(&made["id"]), &json!({"restore_version": 1, "emoji": ""})).await.json();
    assert_eq!((&restored["version"], &restored["published_version"], &restored["emoji"]), (&json!(3), &json!(2), &json!("")));
    assert_eq!(restored["configuration"]["instructions"], "Speak of coffee.");
    let versions = program.get(&format!("{}/versions?limit=2", path(&made["id"]))).await.json();
    assert_eq!(versions["data"].as_array().unwrap().iter().map(|v| v["number"].as_i64().unwrap()).collect::<Vec<_>>(), [3, 2]);
    assert_eq!((&versions["has_more"], &versions["data"][1]["published"]), (&json!(true), &json!(true)));
    assert_eq!(versions["data"][1]["configuration"]["instructions"], "Speak of coffee alone.");
    assert_eq!(ids_of(&program, &format!("{}/versions?after=2", path(&made["id"]))).await, ["1"]);
    let gone = program.delete(&path(&made["id"])).await.json();
    assert_eq!(gone, json!({"id": id, "object": "assistant.deleted", "deleted": true}));
    assert_eq!(program.get(&path(&made["id"])).await.status, 404);
}

#[tokio::test]
async fn lists_are_pages_of_what_one_may_talk_to() {
    let scene = Scene::new().await;
    let program = scene.app.program_of(&scene.owner.user).await;
    let other = scene.app.other().await;
    let theirs = scene.app.program_of(&other.user).await;
    let letters = theirs.post("/v1/assistants", &json!({"name": "Letters", "publish": true})).await.json()["id"].clone();
    assert_eq!(ids_of(&program, "/v1/assistants").await, [scene.id.as_str()]);
    theirs.post(&path(&letters), &json!({"visibility": "listed"})).await;
    let all = ids_of(&program, "/v1/assistants?order=asc").await;
    assert_eq!(all.len(), 2);
    assert_eq!(ids_of(&program, &format!("/v1/assistants?order=asc&limit=1&after={}", all[0])).await, all[1..]);
    assert_eq!(ids_of(&program, &format!("/v1/assistants?order=asc&limit=1&before={}", all[1])).await, all[..1]);
    assert_eq!(ids_of(&program, "/v1/assistants?q=LETTER").await, [letters.as_str().unwrap()]);
    let (status, _, param) = program.get("/v1/assistants?after=asst_1111111111111111111111").await.refusal();
    assert_eq!((status, param.as_deref()), (400, Some("after")));
}

#[tokio::test]
async fn what_can_t_be_is_refused_by_its_name() {
    let scene = Scene::new().await;
    let program = scene.app.program_of(&scene.owner.user).await;
    for (body, wrong) in [
        (json!({}), "name"),
        (json!({"name": "Tea", "temperature": 2.5}), "temperature"),
        (json!({"name": "Tea", "temperature": -0.1}), "temperature"),
        (json!({"name": "Tea", "model": "nowhere/none"}), "model"),
        (json!({"name": "Tea", "starters": ["x".repeat(201)]}), "starters"),
        (json!({"name": "Tea", "instructions": "a\u{0}b"}), "instructions"),
        (json!({"name": "Tea", "visibility": "public"}), "visibility"),
        (json!({"name": "Tea", "visibility": "listed"}), "visibility"),
        (json!({"name": "Tea", "restore_version": 1}), "restore_version"),
        (json!({"name": "Tea", "knowledge": [{"id": "file_1"}]}), "knowledge[0].id"),
        (json!({"name": "Tea", "colour": "green"}), "colour"),
    ] {
        let (status, _, param) = program.post("/v1/assistants", &body).await.refusal();
        assert_eq!((status, param.as_deref()), (400, Some(wrong)), "{body}");
    }
    assert_eq!(ids_of(&program, "/v1/assistants").await.len(), 1, "and nothing was made");
}

#[tokio::test]
async fn a_repeat_makes_one() {
    let scene = Scene::new().await;
    let program = scene.app.program_of(&scene.owner.user).await;
    let make = async || {
        let request = program.request(reqwest::Method::POST, "/v1/assistants").header("idempotency-key", "once");
        crate::support::Reply::of(request.json(&json!({"name": "Letters"}))).await.json()["id"].clone()
    };
    assert_eq!(make().await, make().await);
    assert_eq!(ids_of(&program, "/v1/assistants").await.len(), 2);
}

#[tokio::test]
async fn nobody_but_an_editor_is_told_what_it_is_made_of() {
    let scene = Scene::new().await;
    scene.list().await;
    scene.owner.post_assistant(&scene.path("/edit"), assistant_form("Coffee Counsel", "A draft with brackenfudge.")).await;
    let other = scene.app.other().await;
    let id = scene.chat(&other, "How long?", Script::says("Two minutes.")).await;
    let program = scene.app.program_of(&other.user).await;
    let seen = program.get(&format!("/v1/assistants/{}", scene.id)).await;
    assert_eq!(
        (&seen.json()["name"], &seen.json()["configuration"], &seen.json()["version"]),
        (&json!("Tea Counsel"), &Value::Null, &json!(1))
    );
    for path in [
        format!("/v1/assistants/{}", scene.id),
        "/v1/assistants".to_owned(),
        format!("/v1/assistants/{}/versions", scene.id),
        format!("/v1/conversations/{id}/messages"),
        format!("/v1/conversations/{id}"),
    ] {
        let body = program.get(&path).await.body;
        for secret in ["heliotropezander", "quincemarrow", "stock.md", "brackenfudge", "brewer-9"] {
            assert!(!body.contains(secret), "{secret} in {path}: {body}");
        }
    }
    assert_eq!(program.get(&format!("/v1/assistants/{}/versions", scene.id)).await.status, 404);
}

#[tokio::test]
async fn its_id_is_a_model_that_says_its_instructions_and_hides_what_is_behind_it() {
    let scene = Scene::new().await;
    let other = scene.app.other().await;
    let program = scene.app.program_of(&other.user).await;
    let question =
        json!({"model": scene.id, "messages": [{"role": "system", "content": "In French."}, {"role": "user", "content": "How long?"}]});
    let (status, _, _) = program.post("/v1/chat/completions", &question).await.refusal();
    assert_eq!(status, 404, "it is listed for nobody");
    scene.list().await;
    let thinks = Script::of(vec![
        Step::Reasoning("I was told heliotropezander.".into()),
        Step::Text("Deux minutes.".into()),
        Step::End("stop", 11, 7),
    ]);
    scene.upstream.answer_next(thinks.clone());
    let reply = program.post("/v1/chat/completions", &question).await;
    let answer = reply.json();
    assert_eq!((&answer["model"], &answer["choices"][0]["message"]["content"]), (&json!(scene.id), &json!("Deux minutes.")));
    let told = scene.last_told();
    let order = ["heliotropezander", "quincemarrow", "In French."].map(|words| told.find(words).expect(words));
    assert!(order.is_sorted(), "{told}");
    scene.upstream.answer_next(thinks.clone());
    let mut streamed = question.clone();
    streamed["stream"] = json!(true);
    let stream = program.post("/v1/chat/completions", &streamed).await;
    assert!(stream.body.contains("Deux minutes."), "{}", stream.body);
    scene.upstream.answer_next(Script::refuses(401, "bad key for brewer-9"));
    let refused = program.post("/v1/chat/completions", &question).await;
    assert!(refused.status >= 500, "{}", refused.body);
    for body in [&reply.body, &stream.body, &refused.body] {
        assert!(!body.contains("heliotropezander") && !body.contains("brewer-9") && !body.contains("key"), "{body}");
    }
    // Its owner may see what the model thinks, and wants it warmer for once.
    scene.upstream.answer_next(thinks);
    let mut warm = question;
    warm["temperature"] = json!(1.5);
    let own = scene.app.program_of(&scene.owner.user).await.post("/v1/chat/completions", &warm).await.json();
    assert_eq!(own["choices"][0]["message"]["reasoning_content"], "I was told heliotropezander.");
    assert_eq!(scene.upstream.requests().last().unwrap().json["temperature"], 1.5);
}
