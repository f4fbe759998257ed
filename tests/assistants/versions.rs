//! Versions.

use super::Scene;
use crate::support::assistant_form;

#[tokio::test]
async fn each_save_is_a_version_that_can_be_compared_and_restored() {
    let scene = Scene::new().await;
    scene.owner.post_assistant(&scene.path("/edit"), assistant_form("Coffee Counsel", "Speak of coffee.")).await;
    let list = scene.owner.get(&scene.path("/versions")).await.body;
    assert!(list.contains("Tea Counsel") && list.contains("Coffee Counsel") && list.contains("Ada Quillfeather"));
    let compared = scene.owner.get(&scene.path("/versions/1")).await.body;
    for words in ["Speak of tea alone.", "Speak of coffee.", "stock.md", "The same in both: emoji, model, temperature."] {
        assert!(compared.contains(words), "{words}: {compared}");
    }
    let reply = scene.owner.post_form(&scene.path("/versions/1/restore"), &[]).await;
    assert_eq!(reply.status, 303);
    let page = scene.owner.get(&scene.path("/edit")).await.body;
    assert!(
        page.contains("Speak of tea alone.")
            && page.contains("stock.md")
            && page.contains("Version 3 is a draft. Everybody else gets version 1.")
    );
    assert_eq!(scene.owner.get(&scene.path("/versions/4")).await.status, 404);
    assert_eq!(scene.owner.post_form(&scene.path("/versions/4/restore"), &[]).await.status, 404);
}

#[tokio::test]
async fn saves_at_the_same_moment_are_versions_one_after_the_other() {
    let scene = Scene::new().await;
    let saves = (0..10).map(|n| {
        let (owner, path) = (scene.owner.client.clone(), scene.path("/edit"));
        async move { owner.post_assistant(&path, assistant_form("Tea Counsel", &format!("Rule {n}."))).await.status }
    });
    let statuses = futures_util::future::join_all(saves).await;
    assert!(statuses.iter().all(|status| *status == 303), "{statuses:?}");
    let query = "SELECT number FROM assistant_versions WHERE assistant_id = $1 ORDER BY number";
    let numbers: Vec<i64> = sqlx::query_scalar(query).bind(&scene.id).fetch_all(scene.app.db.reader()).await.unwrap();
    assert_eq!(numbers, (1..=11).collect::<Vec<i64>>());
}
