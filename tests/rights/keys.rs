//! Operations of the API, asked with every kind of key.

use reqwest::Method;
use takeback::api_keys::create::{Wish, create};
use takeback::api_keys::scope::{Scope, Scopes};
use takeback::audit::Via;
use takeback::http::auth::cookie_name;
use takeback::ids;

use super::scene::{Scene, Who, World, export};
use crate::support::Reply;

/// With what a program comes, or a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum With {
    /// Nothing.
    Nothing,
    /// The owner's session alone, as the owner's browser has it.
    Session,
    /// A key of another member that may do everything.
    Other,
    /// A key of an administrator that may do everything.
    Admin,
    /// A key of the owner that may do everything.
    Owner,
    /// A key of the owner that has every scope but the one that is asked for.
    AllBut,
    /// A key of the owner that has the one scope that is asked for.
    Only,
    /// A key of the owner that may do everything, and has expired.
    Expired,
    /// A key of the owner that may do everything, and was revoked.
    Revoked,
    /// A key of the owner that may do everything, after the account was disabled.
    Disabled,
    /// The same after the account was deleted.
    Deleted,
}

impl With {
    const ALL: [Self; 11] = [
        Self::Nothing,
        Self::Session,
        Self::Other,
        Self::Admin,
        Self::Owner,
        Self::AllBut,
        Self::Only,
        Self::Expired,
        Self::Revoked,
        Self::Disabled,
        Self::Deleted,
    ];
}

/// One operation and who may do it.
pub(super) struct Operation {
    pub(super) name: String,
    method: Method,
    pattern: &'static str,
    scope: Scope,
    expected: Vec<&'static str>,
    body: &'static str,
}

impl Operation {
    pub(super) fn parse(line: &'static str) -> Self {
        let (cells, body) = line.split_once('|').map_or((line, ""), |(cells, body)| (cells, body.trim()));
        let mut words = cells.split_whitespace();
        let (method, pattern, scope) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let scope = Scope::ALL.into_iter().find(|known| known.as_str() == scope).unwrap_or_else(|| panic!("no scope in: {line}"));
        let expected: Vec<&str> = words.collect();
        assert_eq!(expected.len(), With::ALL.len(), "a cell is missing in: {line}");
        let name = format!("{method} {}", pattern.split('?').next().unwrap());
        Self { name, method: method.parse().unwrap(), pattern, scope, expected, body }
    }
}

/// Asks every operation with everything. Nothing but a success changes a row.
pub(super) async fn check(operations: impl Iterator<Item = Operation>) {
    let mut wrong = Vec::new();
    for operation in operations {
        let world = World::new().await;
        for (with, cell) in With::ALL.into_iter().zip(operation.expected.iter().copied()) {
            let (scene, key) = prepare(&world, with, operation.scope).await;
            // What the last one deleted is cleaned up in the background.
            world.app.cleaned_up().await;
            let before = world.app.rows().await;
            let reply = ask(&world, &operation, &scene, with, &key).await;
            if reply.status.to_string() != cell {
                wrong.push(format!("{} with {with:?}: {cell} expected, got {} {}", operation.name, reply.status, reply.body));
            }
            if reply.status >= 400 {
                reply.refusal();
                if world.app.rows().await != before {
                    wrong.push(format!("{} with {with:?}: something was changed", operation.name));
                }
            }
            assert_eq!(reply.header("set-cookie"), "", "{} with {with:?}", operation.name);
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

async fn prepare(world: &World, with: With, scope: Scope) -> (Scene, String) {
    let who = match with {
        With::Disabled => Who::Disabled,
        With::Deleted => Who::Deleted,
        _ => Who::Owner,
    };
    // The key is made while the account is open.
    let scene = world.scene(Who::Owner).await;
    let person = match with {
        With::Other => world.scene(Who::Owner).await.owner.user,
        With::Admin => world.admin(),
        _ => scene.owner.user.clone(),
    };
    let names = |keep: &dyn Fn(Scope) -> bool| {
        let names = Scope::ALL.into_iter().filter(|known| keep(*known)).map(Scope::as_str);
        Scopes::named(names.collect::<Vec<_>>()).unwrap()
    };
    let scopes = match with {
        With::AllBut => names(&|known| known != scope),
        With::Only => names(&|known| known == scope),
        _ => Scopes::all(),
    };
    let (key, text) = create(&world.app, &person.id, &Wish { name: "Test".to_owned(), scopes, days: None }, Via::Web).await.unwrap();
    match with {
        With::Expired => world.app.run("UPDATE api_keys SET expires_at = 1 WHERE id = $1", &key.id).await,
        With::Revoked => takeback::api_keys::revoke::revoke(&world.app, &person.id, &key.id, Via::Web).await.unwrap(),
        _ => world.close(who, &scene.owner.user.id).await,
    }
    (scene, if matches!(with, With::Nothing | With::Session) { String::new() } else { text })
}

async fn ask(world: &World, operation: &Operation, scene: &Scene, with: With, key: &str) -> Reply {
    let path = operation.pattern.replace("{link_id}", &scene.link.id).replace("{*model}", "demo/demo");
    let path = path.replace("{conversation_id}", &scene.talk.id).replace("{assistant_id}", &scene.assistant);
    let path =
        path.replace("{endpoint_id}", &scene.webhook).replace("{delivery_id}", &scene.delivery).replace("{import_id}", &scene.import);
    let program = world.app.program(key);
    let mut request = program.request(operation.method.clone(), &path).header("x-forwarded-for", world.next_address());
    if with == With::Session {
        request = request.header("cookie", format!("{}={}", cookie_name(&world.app.config), scene.owner.secret));
    }
    if operation.body == "{export}" {
        let reply = Reply::of(request.multipart(export())).await;
        // It goes on in the background, where it would change rows under the next one's eyes.
        let running = "SELECT COUNT(*) FROM imports WHERE state = 'running'";
        while sqlx::query_scalar::<_, i64>(running).fetch_one(world.app.db.reader()).await.unwrap() > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        world.app.finish_jobs().await;
        return reply;
    }
    if operation.method == Method::POST {
        let body = operation.body.replace("{conversation}", &scene.talk.id);
        request = request.header("content-type", "application/json").body(body);
    }
    Reply::of(request).await
}

/// However a link ended, and whosever it is: the same bytes as for one that never was.
pub(super) async fn check_gone(operations: impl Iterator<Item = Operation>) {
    let world = World::new().await;
    let face = |reply: Reply| (reply.status, reply.body);
    for operation in operations.filter(|operation| operation.pattern.contains("{link_id}")) {
        let mut scene = world.scene(Who::Owner).await;
        let key = world.app.key_of(&scene.owner.user, &[]).await;
        let never = ids::new("link");
        let real = std::mem::replace(&mut scene.link.id, never);
        let expected = face(ask(&world, &operation, &scene, With::Owner, &key).await);
        assert_eq!(expected.0, 404, "{}", operation.name);
        for statement in ["UPDATE links SET share_epoch = share_epoch - 1 WHERE id = $1", "DELETE FROM links WHERE id = $1"] {
            world.app.run(statement, &real).await;
            scene.link.id.clone_from(&real);
            assert_eq!(face(ask(&world, &operation, &scene, With::Owner, &key).await), expected, "{} after {statement}", operation.name);
        }
    }
}
