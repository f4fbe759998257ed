//! Fresh people with fresh belongings for every cell, so that no cell depends on another.

use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::multipart::{Form, Part};
use takeback::accounts::user::User;
use takeback::accounts::{invite, reset};
use takeback::api_keys::create::{Wish, create};
use takeback::api_keys::scope::Scopes;
use takeback::audit::Via;
use takeback::ids;
use takeback::links::link::Link;
use takeback::pages::asset;
use takeback::webhooks;
use takeback::webhooks::event::EventTypes;
use takeback::write_tx;
use takeback_transcripts::Part as Content;

use super::cells::Row;
use crate::support::{Actor, Client, PASSWORD, Reply, Talk, TestApp, assistant_form};

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

/// The smallest thing that can be imported.
const EXPORT: &str = r#"[{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Good day"}]"#;

/// One cell's people and things.
pub(super) struct Scene {
    pub(super) client: Client,
    pub(super) owner: Actor,
    pub(super) talk: Talk,
    pub(super) link: Link,
    /// A link to the owner's assistant, at which somebody said something as a guest in the asker's browser.
    pub(super) given_out: Link,
    /// The conversation's picture, and the copy of it that the link shows.
    pub(super) picture: String,
    pub(super) shared_picture: String,
    /// The asker's e-mail address; empty for nobody.
    own: String,
    /// An address that nobody has.
    fresh: String,
    /// The owner's assistant, published and listed for nobody, which the owner has tried; and its picture.
    pub(super) assistant: String,
    portrait: String,
    /// Who may change it besides the owner.
    editor: String,
    /// A provider that was typed on the page, with a model `m`; its key can't be opened, so it is never asked.
    provider: String,
    /// One that is done.
    pub(super) import: String,
    /// An API key's id.
    key: String,
    /// A webhook's endpoint, which is told of nothing that is done here, and something that it was told.
    pub(super) webhook: String,
    pub(super) delivery: String,
    /// Path of an invitation.
    invite: String,
    /// Path of a link that sets the owner's password.
    reset: String,
}

pub(super) struct World {
    pub(super) app: TestApp,
    /// So that nobody in a cell is ever the last administrator.
    root: Actor,
    /// Numbers people, and addresses of browsers: limits by address are another test's matter.
    next: AtomicU32,
}

impl World {
    pub(super) async fn new() -> Self {
        let proxied = |config: &mut takeback::config::Config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        let app = TestApp::start_with(proxied).await;
        let root = app.admin().await;
        Self { app, root, next: AtomicU32::new(1) }
    }

    pub(super) async fn scene(&self, who: Who) -> Scene {
        let owner = self.person("member").await;
        let mut talk = self.app.small_talk(&owner.user).await;
        let picture = self.app.picture(&talk).await;
        self.app
            .say_parts(&mut talk, "assistant", &[Content::Image { file: picture.clone(), alt: None, width: Some(1), height: Some(1) }])
            .await;
        let link = self.app.share(&owner.user, &talk).await;
        let shown = "SELECT f.file_id FROM snapshot_files f JOIN snapshots s ON s.id = f.snapshot_id WHERE s.link_id = $1";
        let shared_picture: String = sqlx::query_scalar(shown).bind(&link.id).fetch_one(self.app.db.reader()).await.unwrap();
        let invite = invite::make(&self.app, &self.root.user.id, "", Via::Web).await.unwrap();
        let reset = reset::make(&self.app, Some(&self.root.user.id), &owner.user.id, Via::Web).await.unwrap();
        let (client, own) = match who {
            Who::Anonymous => (self.app.anonymous(), String::new()),
            Who::Other => browser_and_address(self.person("member").await),
            Who::Admin => browser_and_address(self.person("admin").await),
            Who::Owner | Who::Disabled | Who::Deleted => (owner.client.clone(), owner.user.email.clone()),
        };
        let import = self.import(&owner).await;
        let assistant = self.app.assistant(&owner).await;
        let portrait = self.app.portrait(&assistant).await;
        self.app.try_it(&owner, &assistant).await;
        let given_out = self.app.give_out(&owner, &assistant).await;
        self.app.was_guest(&client, &given_out).await;
        self.app.run("UPDATE link_caps SET frames = 'https://example.org' WHERE link_id = $1", &given_out.id).await;
        let editor = self.person("member").await;
        takeback::assistants::editors::add(&self.app, &owner.user, &assistant, &editor.user.email, Via::Web).await.unwrap();
        let provider = self.provider().await;
        let wish = Wish { name: "Mine".to_owned(), scopes: Scopes::all(), days: None };
        let key = create(&self.app, &owner.user.id, &wish, Via::Web).await.unwrap().0.id;
        let (webhook, delivery) = self.webhook(&owner).await;
        self.close(who, &owner.user.id).await;
        let fresh = format!("fresh{}@example.org", self.next.fetch_add(1, Ordering::Relaxed));
        Scene {
            client,
            owner,
            talk,
            link,
            given_out,
            picture,
            shared_picture,
            own,
            fresh,
            assistant,
            portrait,
            editor: editor.user.id,
            provider,
            import,
            key,
            webhook,
            delivery,
            invite,
            reset,
        }
    }

    /// An administrator, who owns nothing of any scene.
    pub(super) fn admin(&self) -> User {
        self.root.user.clone()
    }

    /// An address that nobody has come from yet.
    pub(super) fn next_address(&self) -> String {
        let [_, b, c, d] = self.next.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        format!("10.{b}.{c}.{d}")
    }

    /// Closes the owner's account, if it is to be closed. After everything else was made.
    pub(super) async fn close(&self, who: Who, owner: &str) {
        match who {
            Who::Disabled => self.app.run("UPDATE users SET disabled_at = 1 WHERE id = $1", owner).await,
            Who::Deleted => self.app.run("UPDATE users SET deleted_at = 1, email_key = NULL WHERE id = $1", owner).await,
            Who::Anonymous | Who::Other | Who::Owner | Who::Admin => (),
        }
    }

    /// One that is done and brought nothing.
    async fn import(&self, owner: &Actor) -> String {
        let id = ids::new("imp");
        let report = serde_json::to_string(&takeback::transfer::report::Report::default()).unwrap();
        write_tx!(self.app.db, "test: an import", |tx| {
            let query = "INSERT INTO imports (id, user_id, file_name, state, total_bytes, done_bytes, report, created_at, updated_at) \
                         VALUES ($1, $2, 'chat.json', 'done', 1, 1, $3, $4, $4)";
            sqlx::query(query).bind(&id).bind(&owner.user.id).bind(&report).bind(self.app.now()).execute(tx).await?;
            Ok(())
        })
        .unwrap();
        id
    }

    async fn provider(&self) -> String {
        let id = ids::new("prov");
        write_tx!(self.app.db, "test: a provider", |tx| {
            let query = "INSERT INTO providers (id, name, kind, base_url, sealed_key, models, context_tokens, created_at) \
                         VALUES ($1, 'Lab', 'compatible', 'https://8.8.8.8/v1', $2, '[\"m\"]', 0, $3)";
            sqlx::query(query).bind(&id).bind(vec![1_u8]).bind(self.app.now()).execute(&mut *tx).await?;
            let query = "INSERT INTO provider_lists (provider_id, models, problem, fetched_at) VALUES ($1, '[{\"name\":\"m\"}]', '', $2)";
            sqlx::query(query).bind(&id).bind(self.app.now()).execute(tx).await?;
            Ok(())
        })
        .unwrap();
        self.app.providers.forget();
        id
    }

    /// Its address is refused at each attempt, so nobody is asked.
    async fn webhook(&self, owner: &Actor) -> (String, String) {
        let event_types = EventTypes::named(["shared_link.expired"]).unwrap();
        let wish = webhooks::manage::Wish {
            name: Some("Mine".to_owned()),
            url: Some("https://8.8.8.8/hook".to_owned()),
            event_types: Some(event_types),
            enabled: None,
        };
        let endpoint = webhooks::manage::create(&self.app, &owner.user.id, &wish, Via::Web).await.unwrap().0;
        self.app.run("UPDATE webhook_endpoints SET url = 'https://127.0.0.1/' WHERE id = $1", &endpoint.id).await;
        let id = ids::new("whd");
        write_tx!(self.app.db, "test: a delivery", |tx| {
            webhooks::store::insert_delivery(tx, &id, &endpoint.id, "shared_link.expired", "{}", self.app.now()).await?;
            webhooks::store::give_up(tx, &endpoint.id, "Nobody took it.").await
        })
        .unwrap();
        (endpoint.id, id)
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
        let mut request = scene.client.request(row.method.clone(), path).header("x-forwarded-for", self.next_address());
        request = request.header("sec-fetch-site", site);
        if row.form == "{export}" {
            request = request.multipart(export());
        } else if row.form == "{assistant}" {
            request = request.multipart(assistant_form("Another", "Be kind."));
        } else if row.form == "{message of the composer}" {
            request = request.multipart(Form::new().text("text", "Hello").text("model", ""));
        } else if row.method == reqwest::Method::POST {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(fill(row.form, scene));
        }
        // What an open window listens to has no end.
        if row.pattern.ends_with("/events") { Reply::head_of(request).await } else { Reply::of(request).await }
    }
}

/// A form with a file of conversations.
pub(super) fn export() -> Form {
    Form::new().part("file", Part::text(EXPORT).file_name("chat.json"))
}

impl Scene {
    /// The link that addresses of this kind name.
    pub(super) fn linked(&self, pattern: &str) -> &str {
        if pattern.contains("/g/") { &self.given_out.id } else { &self.link.id }
    }
}

fn browser_and_address(actor: Actor) -> (Client, String) {
    (actor.client, actor.user.email)
}

/// The pattern with the scene's ids in it.
fn path(pattern: &str, scene: &Scene) -> String {
    let id = match pattern.split('/').nth(1).unwrap() {
        "settings" if pattern.starts_with("/settings/keys") => scene.key.as_str(),
        "settings" if pattern.starts_with("/settings/webhooks") => scene.webhook.as_str(),
        "c" => scene.talk.id.as_str(),
        "assistants" => scene.assistant.as_str(),
        "links" if ["/pause", "/resume", "/caps", "/frames"].iter().any(|end| pattern.ends_with(end)) => scene.given_out.id.as_str(),
        "links" => scene.link.id.as_str(),
        "import" => scene.import.as_str(),
        "settings" if pattern.starts_with("/settings/models/") => scene.provider.as_str(),
        _ => scene.owner.user.id.as_str(),
    };
    match pattern {
        "/assets/{hash}/{*name}" => asset("share.css").to_owned(),
        "/invite/{token}" => scene.invite.clone(),
        "/reset/{token}" => scene.reset.clone(),
        _ => {
            let file = match pattern.split('/').nth(1) {
                Some("share") => &scene.shared_picture,
                Some("assistants") => &scene.portrait,
                _ => &scene.picture,
            };
            // Of what a person said there is another version, of what a model answered another answer.
            let message = if pattern.ends_with("/edit") { &scene.talk.messages[0] } else { &scene.talk.messages[1] };
            let pattern = pattern.replace("{message}", message);
            pattern
                .replace("{id}", id)
                .replace("{token}", ids::token_of(scene.linked(pattern.as_str())))
                .replace("{file}", file)
                .replace("{delivery}", &scene.delivery)
                .replace("{number}", "1")
                .replace("{user}", &scene.editor)
        }
    }
}

/// The form with the scene's words in it.
fn fill(form: &str, scene: &Scene) -> String {
    let form = form.replace("{email}", &scene.owner.user.email).replace("{own}", &scene.own).replace("{fresh}", &scene.fresh);
    form.replace("{password}", PASSWORD)
        .replace("{message}", scene.talk.messages.last().unwrap())
        .replace("{model}", &format!("{}/m", scene.provider))
        .replace(' ', "+")
}
