//! Fresh people with fresh belongings for every cell, so that no cell depends on another.

use std::sync::atomic::{AtomicU32, Ordering};

use takeback::ids;
use takeback::links::link::Link;
use takeback::pages::asset;
use takeback_transcripts::Part;

use super::cells::Row;
use crate::support::{Actor, Client, Reply, Talk, TestApp};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Nobody that the server knows.
    Anonymous,
    /// A member who owns nothing of it.
    Other,
    /// The member who owns it.
    Owner,
    /// An administrator who owns nothing of it.
    Admin,
    /// The owner, after an administrator disabled the account. The session's row is still there.
    Disabled,
    /// The owner, after the account was deleted. The session's row is still there.
    Deleted,
}

impl Who {
    pub(super) const ALL: [Self; 6] = [Self::Anonymous, Self::Other, Self::Owner, Self::Admin, Self::Disabled, Self::Deleted];
}

/// One cell's people and things.
pub(super) struct Scene {
    pub(super) client: Client,
    pub(super) owner: Actor,
    pub(super) talk: Talk,
    pub(super) link: Link,
    pub(super) picture: String,
}

pub(super) struct World {
    pub(super) app: TestApp,
    /// Numbers people, and addresses of browsers: limits by address are another test's matter.
    next: AtomicU32,
}

impl World {
    pub(super) async fn new() -> Self {
        let proxied = |config: &mut takeback::config::Config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        let world = Self { app: TestApp::start_with(proxied).await, next: AtomicU32::new(1) };
        // So that nobody in a cell is ever the last administrator.
        world.app.admin().await;
        world
    }

    pub(super) async fn scene(&self, who: Who) -> Scene {
        let owner = self.person("member").await;
        let mut talk = self.app.small_talk(&owner.user).await;
        let picture = self.app.picture(&talk).await;
        self.app
            .say_parts(&mut talk, "assistant", &[Part::Image { file: picture.clone(), alt: None, width: Some(1), height: Some(1) }])
            .await;
        let link = self.app.share(&owner.user, &talk).await;
        let client = match who {
            Who::Anonymous => self.app.anonymous(),
            Who::Other => self.person("member").await.client,
            Who::Admin => self.person("admin").await.client,
            Who::Owner => owner.client.clone(),
            Who::Disabled => {
                self.app.run("UPDATE users SET disabled_at = 1 WHERE id = $1", &owner.user.id).await;
                owner.client.clone()
            }
            Who::Deleted => {
                self.app.run("UPDATE users SET deleted_at = 1, email_key = NULL WHERE id = $1", &owner.user.id).await;
                owner.client.clone()
            }
        };
        Scene { client, owner, talk, link, picture }
    }

    async fn person(&self, role: &str) -> Actor {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.app.person(&format!("Person {number}"), &format!("person{number}@example.org"), role).await
    }

    /// Asks the row's route about the scene's things.
    pub(super) async fn ask(&self, row: &Row, scene: &Scene, site: &str) -> Reply {
        self.ask_at(row, scene, &path(row.pattern, scene), site).await
    }

    /// The same at another address.
    pub(super) async fn ask_at(&self, row: &Row, scene: &Scene, path: &str, site: &str) -> Reply {
        let [_, b, c, d] = self.next.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut request = scene.client.request(row.method.clone(), path).header("x-forwarded-for", format!("10.{b}.{c}.{d}"));
        request = request.header("sec-fetch-site", site);
        if row.method == reqwest::Method::POST {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(row.form);
        }
        Reply::of(request).await
    }
}

/// The pattern with the scene's ids in it.
fn path(pattern: &str, scene: &Scene) -> String {
    let id = match pattern.split('/').nth(1).unwrap() {
        "c" => scene.talk.id.as_str(),
        "links" => scene.link.id.as_str(),
        _ => scene.owner.user.id.as_str(),
    };
    if pattern == "/assets/{hash}/{*name}" {
        return asset("share.css").to_owned();
    }
    pattern.replace("{id}", id).replace("{token}", ids::token_of(&scene.link.id)).replace("{file}", &scene.picture)
}
