//! The API as a program elsewhere meets it: the real program in a process of its own, on either database, and people
//! with something of each kind.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use takeback::providers::settings::Kind;

use super::api::Caller;
use super::client::Reply;
use super::database::Database;
use super::eventually::eventually;
use super::program::Program;
use super::receiver::Receiver;
use super::upstream::Upstream;

/// A server. Dropping it ends it.
pub(crate) struct Outside {
    pub(crate) program: Program,
    /// Answers for the one model, `upstream/scripted`.
    pub(crate) upstream: Upstream,
    receiver: Receiver,
    _database: Database,
}

/// A program with a key, and what its person has.
pub(crate) struct Somebody {
    pub(crate) caller: Caller,
    /// What stands in paths, by its name there, such as `link_id`.
    pub(crate) ids: Vec<(&'static str, String)>,
}

impl Outside {
    pub(crate) async fn start() -> Self {
        let (database, upstream, receiver) = (Database::fresh().await, Upstream::start().await, Receiver::start().await);
        let base_url = upstream.base_url(Kind::OpenAi);
        let program = Program::start_on(
            &database,
            &format!(
                "find_ollama = false\nprivate_webhooks = true\nmessages_per_minute = 100000\n\
                 api_limits = {{ per_key = 100000, per_person = 100000, per_address = 100000 }}\n\
                 [[providers]]\nname = \"upstream\"\nkind = \"openai\"\nbase_url = \"{base_url}\"\nkey = \"sk-test-upstream\"\n"
            ),
        );
        Self { program, upstream, receiver, _database: database }
    }

    /// A new account with a key that may do everything, and with nothing else.
    pub(crate) fn key(&self, name: &str) -> String {
        let email = format!("{}@example.org", name.to_lowercase());
        self.run(&["users", "add", "--email", &email, "--name", name]);
        self.run(&["keys", "create", "--user", &email, "--name", "Test"])
    }

    /// A new account with something of each kind.
    pub(crate) async fn somebody(&self, name: &str) -> Somebody {
        let caller = Caller::new(self.program.address, &self.key(name));
        let ids = self.things(&caller).await;
        Somebody { caller, ids }
    }

    /// Waits until an import is over: one of a person's runs at a time.
    pub(crate) async fn imported(caller: &Caller, id: &str) {
        let path = format!("/v1/imports/{id}");
        eventually("it is imported", async || caller.get(&path).await.json()["status"] != "running").await;
    }

    /// One more of each kind.
    pub(crate) async fn things(&self, caller: &Caller) -> Vec<(&'static str, String)> {
        let make = async |path: &str, body: Value| {
            let reply = caller.post(path, &body).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.body);
            reply.json()["id"].as_str().unwrap().to_owned()
        };
        let events = json!(["shared_link.created"]);
        let hook = json!({"name": "Dashboard", "url": self.receiver.url(), "event_types": events});
        let endpoint = make("/v1/webhook_endpoints", hook).await;
        let words = json!([{"role": "user", "content": "How long does tea steep?"}, {"role": "assistant", "content": "Three minutes."}]);
        let conversation = make("/v1/conversations", json!({"messages": words})).await;
        let link = make("/v1/shared_links", json!({"target": {"type": "conversation", "id": conversation}})).await;
        let assistant = make("/v1/assistants", json!({"name": "Tea", "publish": true})).await;
        let file = Part::text(json!({"messages": words}).to_string()).file_name("tea.json");
        let import = Reply::of(caller.request(Method::POST, "/v1/imports").multipart(Form::new().part("file", file))).await;
        assert_eq!(import.status, 200, "{}", import.body);
        let import = import.json()["id"].as_str().unwrap().to_owned();
        Self::imported(caller, &import).await;
        self.receiver.heard(1).await;
        let deliveries = caller.get(&format!("/v1/webhook_endpoints/{endpoint}/deliveries")).await.json();
        let delivery = deliveries["data"][0]["id"].as_str().unwrap().to_owned();
        vec![
            ("link_id", link),
            ("conversation_id", conversation),
            ("assistant_id", assistant),
            ("import_id", import),
            ("endpoint_id", endpoint),
            ("delivery_id", delivery),
            ("model", "upstream/scripted".to_owned()),
        ]
    }

    /// `/openapi.json`.
    pub(crate) async fn document(&self) -> Value {
        self.program.anonymous().get("/openapi.json").await.json()
    }

    fn run(&self, arguments: &[&str]) -> String {
        let done = self.program.command(arguments);
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }
}

impl Somebody {
    /// A path of the document with this person's ids in it.
    pub(crate) fn path(&self, pattern: &str) -> String {
        let path = self.ids.iter().fold(pattern.to_owned(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
        assert!(!path.contains('{'), "what stands in {pattern}?");
        path
    }
}

/// An operation of the document: its method, its path and what is said of it.
pub(crate) fn operations(document: &Value) -> Vec<(String, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, operation)| (method.to_uppercase(), path.as_str(), operation))
    });
    all.collect()
}
