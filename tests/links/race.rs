//! Random schedules of everything that opens and closes links, against a model that knows which are open; and what
//! happens when two of them happen at once.

use std::fmt::Debug;

use takeback::accounts::{delete as accounts, people};
use takeback::audit::Via;
use takeback::conversations;
use takeback::error::Error;
use takeback::links::link::{Link, TargetType, path};
use takeback::links::publish::{self, Change, Terms};
use takeback::links::revoke;

use crate::support::{Actor, Node, Random, Reply, Talk, TestApp};

const STEPS: usize = 70;

fn terms() -> Terms {
    Terms::default()
}

/// A person, as the model sees them.
struct Person {
    actor: Actor,
    disabled: bool,
    talks: Vec<(Talk, bool)>,
}

/// A link, as the model sees it.
struct Made {
    id: String,
    person: usize,
    talk: usize,
    title: String,
    messages: i64,
    taken_back: bool,
}

struct Model {
    app: TestApp,
    other: Node,
    people: Vec<Person>,
    links: Vec<Made>,
    random: Random,
    log: Vec<String>,
}

impl Model {
    async fn new(seed: u64) -> Self {
        let app = TestApp::start_with(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
        let other = app.second().await;
        app.admin().await;
        let mut people = Vec::new();
        for actor in [app.owner().await, app.other().await] {
            let mut talks = Vec::new();
            for _ in 0..4 {
                talks.push((app.small_talk(&actor.user).await, true));
            }
            people.push(Person { actor, disabled: false, talks });
        }
        Self { app, other, people, links: Vec::new(), random: Random::new(seed), log: vec![format!("seed {seed}")] }
    }

    /// One step at either server. What it answers has to be what the model expects.
    async fn step(&mut self) {
        let person = self.random.below(self.people.len());
        let talk = self.random.below(self.people[person].talks.len());
        let link = (!self.links.is_empty()).then(|| self.random.below(self.links.len()));
        let node = if self.random.below(2) == 0 { self.app.app.clone() } else { self.other.app.clone() };
        let user = self.people[person].actor.user.clone();
        match (self.random.below(100), link) {
            (0..30, _) | (_, None) => {
                let whole = self.people[person].talks[talk].1 && !self.people[person].disabled;
                self.say(format!("publish {person} {talk}"));
                let made = publish::publish(&node, &user, &self.people[person].talks[talk].0.id, &terms(), Via::Web).await;
                self.expect(&made, whole);
                let messages = i64::try_from(self.people[person].talks[talk].0.messages.len()).unwrap();
                self.links.extend(made.into_iter().map(|link| Made {
                    id: link.id,
                    person,
                    talk,
                    title: link.title,
                    messages,
                    taken_back: false,
                }));
            }
            (30..38, _) => {
                self.say(format!("another message {person} {talk}"));
                if self.people[person].talks[talk].1 {
                    self.app.say(&mut self.people[person].talks[talk].0, "user", "And then?").await;
                }
            }
            (38..50, Some(at)) => {
                self.say(format!("update {at} as {person}"));
                let updated = publish::change(&node, &user, &self.links[at].id, Change::latest(), Via::Web).await;
                self.expect(&updated, self.is_owned(at, person));
                if updated.is_ok() {
                    self.links[at].messages = i64::try_from(self.people[person].talks[self.links[at].talk].0.messages.len()).unwrap();
                }
            }
            (50..60, Some(at)) => {
                let title = format!("Title {}", self.random.below(1_000));
                self.say(format!("edit {at} as {person}"));
                let edited =
                    publish::change(&node, &user, &self.links[at].id, Change { title: Some(&title), ..Change::default() }, Via::Web).await;
                self.expect(&edited, self.is_owned(at, person));
                if edited.is_ok() {
                    self.links[at].title = title;
                }
            }
            (60..75, Some(at)) => {
                self.say(format!("delete {at} as {person}"));
                let deleted = revoke::delete(&node, &user.id, &self.links[at].id, Via::Web).await;
                self.expect(&deleted, self.is_owned(at, person));
                self.links[at].taken_back |= deleted.is_ok();
            }
            (75..80, _) => {
                self.say(format!("delete all of {person}"));
                let counted = revoke::delete_all(&node, &user.id, Via::Web).await.unwrap();
                let ended = self.links.iter_mut().filter(|link| link.person == person && !link.taken_back);
                let expected = ended.map(|link| link.taken_back = true).count();
                assert_eq!(counted, i64::try_from(expected).unwrap(), "{}", self.log.join("\n"));
            }
            (80..86, _) => {
                self.say(format!("delete conversation {person} {talk}"));
                let deleted = conversations::delete::delete(&node, &user, &self.people[person].talks[talk].0.id, Via::Web).await;
                self.expect(&deleted, self.people[person].talks[talk].1);
                self.people[person].talks[talk].1 = false;
                self.links.iter_mut().filter(|link| link.person == person && link.talk == talk).for_each(|link| link.taken_back = true);
                // There is always something to share.
                let fresh = self.app.small_talk(&user).await;
                self.people[person].talks.push((fresh, true));
            }
            (86..90, _) => {
                self.say(format!("disable {person}"));
                people::disable(&node, &user.id, &user.id, Via::Cli).await.unwrap();
                self.people[person].disabled = true;
            }
            _ => {
                self.say(format!("enable {person}"));
                people::enable(&node, &user.id, &user.id, Via::Cli).await.unwrap();
                self.people[person].disabled = false;
            }
        }
    }

    fn say(&mut self, what: String) {
        self.log.push(what);
    }

    fn expect<T: Debug>(&self, answer: &Result<T, Error>, good: bool) {
        let fits = if good { answer.is_ok() } else { matches!(answer, Err(Error::NotFound)) };
        assert!(fits, "expected {}, got {answer:?}\n{}", if good { "Ok" } else { "NotFound" }, self.log.join("\n"));
    }

    /// Whether the link is there for this person.
    fn is_owned(&self, at: usize, person: usize) -> bool {
        self.links[at].person == person && !self.links[at].taken_back
    }

    fn is_open(&self, link: &Made) -> bool {
        !link.taken_back && !self.people[link.person].disabled
    }

    /// Both gates say of every link ever made what the model says; one of them is also opened.
    async fn check(&mut self) {
        for link in &self.links {
            for gate in [&self.app.gate, &self.other.gate] {
                match gate.ask(TargetType::Conversation, &link.id).await {
                    Ok(open) => {
                        assert!(self.is_open(link), "{} is open\n{}", link.id, self.log.join("\n"));
                        assert_eq!((&open.title, open.message_count), (&link.title, link.messages), "{}", self.log.join("\n"));
                    }
                    Err(Error::Gone) => assert!(!self.is_open(link), "{} is gone\n{}", link.id, self.log.join("\n")),
                    Err(error) => panic!("{error}\n{}", self.log.join("\n")),
                }
            }
        }
        if self.links.is_empty() {
            return;
        }
        let at = self.random.below(self.links.len());
        let client = if self.random.below(2) == 0 { self.app.anonymous() } else { self.other.anonymous() };
        let [a, b, c, ..] = self.random.next().to_be_bytes();
        let request = client
            .request(reqwest::Method::GET, &path(TargetType::Conversation, &self.links[at].id))
            .header("x-forwarded-for", format!("10.{a}.{b}.{c}"));
        let expected = if self.is_open(&self.links[at]) { 200 } else { 404 };
        assert_eq!(Reply::of(request).await.status, expected, "page of link {at}\n{}", self.log.join("\n"));
    }
}

async fn run(seed: u64) {
    let mut model = Model::new(seed).await;
    for _ in 0..STEPS {
        model.step().await;
        model.check().await;
    }
    let open = model.links.iter().filter(|link| model.is_open(link)).count();
    assert!(model.links.len() > 10 && open < model.links.len(), "{open} of {} links are open", model.links.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_every_step_of_a_random_schedule_the_gate_says_what_the_model_says() {
    for seed in 1..=3 {
        run(seed).await;
    }
}

/// The links among these that a gate lets anybody open.
async fn open_ones<'a>(app: &TestApp, made: &'a [Result<Link, Error>]) -> Vec<&'a Link> {
    let mut open = Vec::new();
    for answer in made {
        match answer {
            Ok(link) if app.gate.ask(TargetType::Conversation, &link.id).await.is_ok() => open.push(link),
            Ok(_) | Err(Error::NotFound) => (),
            Err(error) => panic!("neither made nor refused: {error}"),
        }
    }
    open
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_links_made_while_their_conversation_is_deleted_none_is_open_afterwards() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for _ in 0..12 {
        let talk = app.small_talk(&owner.user).await;
        let make = async || publish::publish(&app, &owner.user, &talk.id, &terms(), Via::Web).await;
        let (first, second, deleted, third) =
            tokio::join!(make(), make(), conversations::delete::delete(&app, &owner.user, &talk.id, Via::Web), make());
        deleted.unwrap();
        let made = [first, second, third, make().await];
        assert!(matches!(made[3], Err(Error::NotFound)));
        assert!(open_ones(&app, &made).await.is_empty());
        let mut tx = app.db.read().await.unwrap();
        assert!(takeback::links::store::of_target(&mut tx, &owner.user.id, &talk.id).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_links_made_while_the_account_is_deleted_none_is_open_afterwards() {
    let app = TestApp::start().await;
    app.admin().await;
    for round in 0..12 {
        let owner = app.person("Ada Quillfeather", &format!("ada{round}@example.org"), "member").await;
        let talk = app.small_talk(&owner.user).await;
        let make = async || publish::publish(&app, &owner.user, &talk.id, &terms(), Via::Web).await;
        let (first, second, deleted, third) =
            tokio::join!(make(), make(), accounts::delete(&app, &owner.user.id, &owner.user.id, Via::Cli), make());
        deleted.unwrap();
        let made = [first, second, third, make().await];
        assert!(matches!(made[3], Err(Error::NotFound)));
        assert!(open_ones(&app, &made).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_made_while_the_account_is_disabled_are_closed_until_it_is_enabled() {
    let app = TestApp::start().await;
    app.admin().await;
    for round in 0..8 {
        let owner = app.person("Ada Quillfeather", &format!("ada{round}@example.org"), "member").await;
        let talk = app.small_talk(&owner.user).await;
        let make = async || publish::publish(&app, &owner.user, &talk.id, &terms(), Via::Web).await;
        let (first, disabled, second) = tokio::join!(make(), people::disable(&app, &owner.user.id, &owner.user.id, Via::Cli), make());
        disabled.unwrap();
        let made = [first, second, make().await];
        assert!(matches!(made[2], Err(Error::NotFound)));
        assert!(open_ones(&app, &made).await.is_empty());
        people::enable(&app, &owner.user.id, &owner.user.id, Via::Cli).await.unwrap();
        assert_eq!(open_ones(&app, &made).await.len(), made.iter().flatten().count());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_is_changed_while_it_is_deleted_stays_deleted() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    for _ in 0..12 {
        let link = app.share(&owner.user, &talk).await;
        let (updated, deleted, edited) = tokio::join!(
            publish::change(&app, &owner.user, &link.id, Change::latest(), Via::Web),
            revoke::delete(&app, &owner.user.id, &link.id, Via::Web),
            publish::change(&app, &owner.user, &link.id, Change { title: Some("Another"), ..Change::default() }, Via::Web),
        );
        deleted.unwrap();
        for answer in [updated, edited] {
            assert!(matches!(answer, Ok(_) | Err(Error::NotFound)), "{answer:?}");
        }
        assert!(matches!(app.gate.ask(TargetType::Conversation, &link.id).await, Err(Error::Gone)));
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM snapshots").fetch_one(app.db.reader()).await.unwrap();
        assert_eq!(left, 0, "no snapshot outlives its link");
    }
}
