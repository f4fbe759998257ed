//! Events go with their person's account.

use takeback::accounts::{delete, people};
use takeback::audit::Via;

use crate::support::TestApp;

#[tokio::test]
async fn what_a_person_did_goes_with_the_account_and_what_others_did_stays() {
    let app = TestApp::start().await;
    let (admin, owner, other) = (app.admin().await, app.owner().await, app.other().await);
    let mine = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let theirs = app.share(&other.user, &app.small_talk(&other.user).await).await;
    app.key_of(&owner.user, &[]).await;
    people::disable(&app, &admin.user.id, &owner.user.id, Via::Web).await.unwrap();
    delete::delete(&app, &admin.user.id, &owner.user.id, Via::Web).await.unwrap();
    app.finish_jobs().await;
    let left = app.happened().await;
    assert!(left.iter().all(|event| event.user_id.as_deref() != Some(&owner.user.id) && event.object_id != mine.id), "{left:?}");
    // An administrator answers for what they did, to an id that leads to nobody.
    let of_admin: Vec<&str> =
        left.iter().filter(|event| event.user_id.as_deref() == Some(&admin.user.id)).map(|event| event.action.as_str()).collect();
    assert!(of_admin.contains(&"user.disabled") && of_admin.contains(&"user.deleted"), "{of_admin:?}");
    assert!(left.iter().any(|event| event.object_id == theirs.id));
}

#[tokio::test]
async fn of_who_deletes_their_own_account_stays_that_it_was_deleted_and_not_from_where() {
    let app = TestApp::start().await;
    app.admin().await;
    let owner = app.owner().await;
    let form = [("password", crate::support::PASSWORD)];
    assert_eq!(owner.post_form("/settings/delete-account", &form).await.status, 303);
    app.finish_jobs().await;
    let left: Vec<_> = app.happened().await.into_iter().filter(|event| event.user_id.as_deref() == Some(&owner.user.id)).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!((left[0].action.as_str(), left[0].address.as_deref()), ("user.deleted", None));
}
