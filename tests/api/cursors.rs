//! Cursors are ids, and ids of others are ids of nothing.

use crate::support::{Outside, operations};

#[tokio::test]
async fn a_cursor_of_somebody_else_s_is_one_that_never_was() {
    let outside = Outside::start().await;
    // The first account is the administrator's, who may read everybody's events.
    let (ada, grace) = (outside.somebody("Ada").await, outside.somebody("Grace").await);
    let document = outside.document().await;
    let mut lists = 0;
    for (_, pattern, operation) in operations(&document) {
        let mut parameters = operation["parameters"].as_array().into_iter().flatten();
        // Versions are numbered, and the same numbers are everybody's.
        if !parameters.any(|parameter| parameter["name"] == "after") || pattern.ends_with("/versions") {
            continue;
        }
        let hers = ada.caller.get(&ada.path(pattern)).await.json()["data"][0]["id"].as_str().unwrap().to_owned();
        let (kind, secret) = hers.split_once('_').unwrap();
        let nothing = format!("{kind}_{}", secret.chars().rev().collect::<String>());
        let path = grace.path(pattern);
        let own = grace.caller.get(&path).await.json()["data"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(grace.caller.get(&format!("{path}?after={own}")).await.status, 200, "{path}");
        for cursor in ["after", "before"] {
            let refused = grace.caller.get(&format!("{path}?{cursor}={hers}")).await;
            assert_eq!(refused.refusal(), (400, "invalid_request_error".to_owned(), Some(cursor.to_owned())), "{path}");
            let unknown = grace.caller.get(&format!("{path}?{cursor}={nothing}")).await;
            assert_eq!((refused.status, refused.body), (unknown.status, unknown.body), "{path}");
        }
        lists += 1;
    }
    assert!(lists >= 7, "{lists}");
}
