//! Continue this conversation.

use takeback::audit::Via;
use takeback::links::revoke;

use crate::support::TestApp;

#[tokio::test]
async fn a_person_with_an_account_gets_a_copy_that_is_theirs() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    let copied = other.post_form(&format!("{}/continue", link.path()), &[]).await;
    assert_eq!(copied.status, 303);
    let id = copied.location().strip_prefix("/c/").unwrap().to_owned();
    assert_ne!(id, talk.id);
    let (owner_of_copy, title): (String, String) =
        sqlx::query_as("SELECT owner_id, title FROM conversations WHERE id = $1").bind(&id).fetch_one(app.db.reader()).await.unwrap();
    assert_eq!((owner_of_copy.as_str(), title.as_str()), (other.user.id.as_str(), "Tea for two"));
    let copies: i64 = sqlx::query_scalar("SELECT copies FROM links").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(copies, 1);

    // What the owner does later changes nothing of it.
    revoke::delete(&app, &owner.user.id, &link.id, Via::Web).await.unwrap();
    let dialog = other.fragment(&format!("/c/{id}/share")).await;
    assert_eq!(dialog.status, 200);
    assert!(dialog.body.contains("these 2 messages"));
    assert_eq!(owner.fragment(&format!("/c/{id}/share")).await.status, 404, "the copy is invisible to whoever shared it");
}

#[tokio::test]
async fn a_person_who_is_signed_out_is_told_how_to_get_in_and_comes_back() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let visitor = app.anonymous();
    let asked = visitor.post_form(&format!("{}/continue", link.path()), &[]).await;
    assert_eq!((asked.status, asked.location()), (303, format!("{}/continue", link.path()).as_str()));
    let page = visitor.get(asked.location()).await;
    assert!(page.body.contains(&format!("/signin?next=%2Fshare%2F{}%2Fcontinue", takeback::ids::token_of(&link.id))), "{}", page.body);
    assert!(page.body.contains("Ask the person who runs this server for an invitation"));
}
