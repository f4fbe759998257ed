//! Every way in which a share address can open nothing.

use takeback::audit::Via;
use takeback::links::revoke;
use takeback::{ids, write_tx};

use super::cells::Row;
use super::scene::{Scene, Who, World};
use crate::support::Reply;

/// Why a share address opens nothing.
#[derive(Clone, Copy, Debug)]
enum State {
    TakenBack,
    AllTakenBack,
    OwnerDisabled,
    OwnerDeleted,
    TargetDeleted,
    Expired,
    UsedUp,
    Closed,
    /// What no id can be, but a person might type.
    Malformed,
}

const STATES: [State; 9] = [
    State::TakenBack,
    State::AllTakenBack,
    State::OwnerDisabled,
    State::OwnerDeleted,
    State::TargetDeleted,
    State::Expired,
    State::UsedUp,
    State::Closed,
    State::Malformed,
];

/// Asks every row about links in every state, and compares with a link that never existed.
pub(super) async fn check(rows: impl Iterator<Item = Row>) {
    let mut wrong = Vec::new();
    for row in rows {
        let world = World::new().await;
        for who in [Who::Anonymous, Who::Other, Who::Owner] {
            let scene = world.scene(who).await;
            let page = world.ask(&row, &scene, "same-origin").await;
            assert_ne!(page.status, 404, "{} before the link ended", row.name());
            let never = world.ask_at(&row, &scene, &at(&row, &scene, ids::token_of(&ids::new("link"))), "same-origin").await;
            assert_eq!(never.status, 404, "{} of a link that never existed", row.name());
            for state in STATES {
                let scene = world.scene(who).await;
                // Rendered and remembered before it ends.
                world.ask(&row, &scene, "same-origin").await;
                let token = end(&world, &row, &scene, state).await;
                let ended = world.ask_at(&row, &scene, &at(&row, &scene, &token), "same-origin").await;
                if face(&ended) != face(&never) {
                    wrong.push(format!("{} as {who:?}, {state:?}: {:?}\nbut never existed: {:?}", row.name(), face(&ended), face(&never)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Everything that is sent, but for what no two answers share.
fn face(reply: &Reply) -> (u16, Vec<(String, String)>, &str) {
    let headers = reply.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let headers = headers.filter(|(name, _)| name != "date" && name != "x-request-id");
    (reply.status, headers.collect(), &reply.body)
}

fn at(row: &Row, scene: &Scene, token: &str) -> String {
    row.pattern.replace("{token}", token).replace("{file}", &scene.shared_picture)
}

/// Ends the scene's link; answers the token to ask for.
async fn end(world: &World, row: &Row, scene: &Scene, state: State) -> String {
    let (app, owner_id, link_id) = (&world.app, &scene.owner.user.id, scene.linked(row.pattern));
    match state {
        State::TakenBack => revoke::delete(app, owner_id, link_id, Via::Web).await.unwrap(),
        State::AllTakenBack => assert_eq!(revoke::delete_all(app, owner_id, Via::Web).await.unwrap(), 2),
        State::OwnerDisabled => app.run("UPDATE users SET disabled_at = 1 WHERE id = $1", owner_id).await,
        State::OwnerDeleted => app.run("UPDATE users SET deleted_at = 1, email_key = NULL WHERE id = $1", owner_id).await,
        State::TargetDeleted => {
            let target = if row.pattern.contains("/g/") { &scene.assistant } else { &scene.talk.id };
            let ended: Result<u64, takeback::error::Error> = write_tx!(app.db, "test: end a target's links", |tx| {
                revoke::end_all_of_target(tx, owner_id, target, app.now(), Via::Web).await
            });
            assert_eq!(ended.unwrap(), 1);
        }
        State::Expired => app.run("UPDATE links SET expires_at = 1 WHERE id = $1", link_id).await,
        State::UsedUp => app.run("UPDATE links SET max_views = 3, views = 3, lock_key = 'key' WHERE id = $1", link_id).await,
        State::Closed => app.run("UPDATE links SET access = 'nobody' WHERE id = $1", link_id).await,
        State::Malformed => return "0OIl-not-a-token".to_owned(),
    }
    ids::token_of(link_id).to_owned()
}
