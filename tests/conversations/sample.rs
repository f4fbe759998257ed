//! The sample conversation.

use crate::support::TestApp;

#[tokio::test]
async fn one_click_makes_it_and_more_clicks_find_it() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let made = owner.post_form("/sample", &[]).await;
    assert_eq!(made.status, 303);
    let page = owner.get(made.location()).await;
    for words in ["<table", "<math", "class=\"code", "<ol", "Taking a link back"] {
        assert!(page.body.contains(words), "{words}\n{}", page.body);
    }
    assert_eq!(owner.post_form("/sample", &[]).await.location(), made.location());
    assert_ne!(other.post_form("/sample", &[]).await.location(), made.location());
    // It can be shared, which is what it is for.
    assert_eq!(owner.get(&format!("{}/share", made.location())).await.status, 200);
    let two = futures_util::future::join(owner.post_form("/sample", &[]), owner.post_form("/sample", &[])).await;
    assert_eq!(two.0.location(), two.1.location());

    assert_eq!(owner.post_form(&format!("{}/delete", made.location()), &[]).await.status, 303);
    let again = owner.post_form("/sample", &[]).await;
    assert_eq!(again.status, 303);
    assert_ne!(again.location(), made.location());
}

#[tokio::test]
async fn clicks_at_the_same_moment_make_one() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let clicks = futures_util::future::join_all((0..8).map(|_| owner.post_form("/sample", &[]))).await;
    assert!(clicks.iter().all(|click| click.status == 303 && click.location() == clicks[0].location()), "{clicks:?}");
}
