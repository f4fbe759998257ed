//! Several servers on one database, and the command line beside them: what one takes back, none shows.

use reqwest::Method;
use takeback::audit::Via;
use takeback::links::link::Link;
use takeback::links::revoke;
use takeback_transcripts::Part;

use super::pictures::addresses;
use crate::support::{Actor, Client, Node, Random, Reply, Talk, TestApp};

/// A conversation with a picture in it.
async fn talk_with_picture(app: &TestApp, owner: &Actor) -> Talk {
    let mut talk = app.small_talk(&owner.user).await;
    let file = app.picture(&talk).await;
    let part = Part::Image { file, alt: None, width: None, height: None };
    app.say_parts(&mut talk, "user", &[part]).await;
    talk
}

/// A link with every address that shows a part of its conversation.
struct Shared {
    link: Link,
    surfaces: [String; 5],
}

/// What each surface answers, asked from an address of its own, so that no limit on misses is in the way.
async fn statuses(client: &Client, random: &mut Random, shared: &Shared) -> Vec<u16> {
    let mut all = Vec::new();
    for path in &shared.surfaces {
        let [a, b, c, ..] = random.next().to_be_bytes();
        let from = format!("10.{a}.{b}.{c}");
        all.push(Reply::of(client.request(Method::GET, path).header("x-forwarded-for", from)).await.status);
    }
    all
}

const SHOWN: [u16; 5] = [200; 5];
const GONE: [u16; 5] = [404; 5];

struct Two {
    app: TestApp,
    other: Node,
    owner: Actor,
    talk: Talk,
    random: Random,
}

impl Two {
    async fn start() -> Self {
        let app = TestApp::start_with(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
        let other = app.second().await;
        let owner = app.owner().await;
        let talk = talk_with_picture(&app, &owner).await;
        Self { app, other, owner, talk, random: Random::new(1) }
    }

    async fn share(&mut self) -> Shared {
        let link = self.app.share(&self.owner.user, &self.talk).await;
        let picture = addresses(&self.app.anonymous(), &link).await.pop().unwrap();
        let below = |path: &str| format!("{}{path}", link.path());
        let surfaces = [link.path(), below("/markdown"), picture, below("/continue"), below("/report")];
        let shared = Shared { link, surfaces };
        self.expect(&shared, SHOWN).await;
        shared
    }

    /// Both servers answer this on every surface.
    async fn expect(&mut self, shared: &Shared, expected: [u16; 5]) {
        for client in [self.app.anonymous(), self.other.anonymous()] {
            assert_eq!(statuses(&client, &mut self.random, shared).await, expected);
        }
    }
}

#[tokio::test]
async fn a_link_deleted_on_one_server_is_gone_from_the_next_request_on_the_other() {
    let mut two = Two::start().await;
    let there = two.other.anonymous();
    there.set_cookie(takeback::http::auth::cookie_name(&two.app.config), &two.owner.secret);
    for deleted_there in [false, true, false, true] {
        let link = two.share().await;
        let client = if deleted_there { &there } else { &two.owner.client };
        let done = client.post_form(&format!("/links/{}/delete", link.link.id), &[("from", "links")]).await;
        assert_eq!(done.status, 303);
        two.expect(&link, GONE).await;
    }
}

#[tokio::test]
async fn delete_all_and_the_end_of_a_conversation_or_an_account_hold_on_every_server() {
    let mut two = Two::start().await;
    two.app.admin().await;
    let link = two.share().await;
    assert_eq!(revoke::delete_all(&two.other, &two.owner.user.id, Via::Web).await.unwrap(), 1);
    two.expect(&link, GONE).await;

    let link = two.share().await;
    takeback::accounts::people::disable(&two.other, &two.owner.user.id, &two.owner.user.id, Via::Cli).await.unwrap();
    two.expect(&link, GONE).await;
    takeback::accounts::people::enable(&two.other, &two.owner.user.id, &two.owner.user.id, Via::Cli).await.unwrap();
    two.expect(&link, SHOWN).await;

    takeback::conversations::delete::delete(&two.other, &two.owner.user, &two.talk.id, Via::Web).await.unwrap();
    two.expect(&link, GONE).await;

    two.talk = talk_with_picture(&two.app, &two.owner).await;
    let link = two.share().await;
    takeback::accounts::delete::delete(&two.other, &two.owner.user.id, &two.owner.user.id, Via::Cli).await.unwrap();
    two.expect(&link, GONE).await;
}

#[tokio::test]
async fn the_command_line_takes_back_on_every_server() {
    let mut two = Two::start().await;
    let (one, another, third) = (two.share().await, two.share().await, two.share().await);
    let run = async |arguments: Vec<String>| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_takeback"));
        command.env_clear().args(["--database", &two.app.config.database, "--data"]).arg(&two.app.config.data);
        let output = command.args(["links", "delete"]).args(arguments).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(vec![one.link.id.clone(), another.link.path()]).await;
    for link in [&one, &another] {
        for client in [two.app.anonymous(), two.other.anonymous()] {
            assert_eq!(statuses(&client, &mut Random::new(7), link).await, GONE);
        }
    }
    assert_eq!(statuses(&two.other.anonymous(), &mut Random::new(8), &third).await, SHOWN);
    run(vec!["--all".to_owned(), "--user".to_owned(), two.owner.user.email.clone()]).await;
    two.expect(&third, GONE).await;
}

/// Readers at both servers, and the owner who takes back links at one after the other. A violation is content in an
/// answer whose request began after the end of the delete's answer, wherever it was given.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_links_are_taken_back_no_server_answers_with_one_that_is() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

    const LINKS: usize = 10;
    let mut two = Two::start().await;
    let mut links = Vec::new();
    for _ in 0..LINKS {
        links.push(two.share().await);
    }
    let links = Arc::new(links);
    let dead: Arc<Vec<AtomicBool>> = Arc::new((0..LINKS).map(|_| AtomicBool::new(false)).collect());
    let rounds = Arc::new(AtomicUsize::new(0));
    let mut readers = tokio::task::JoinSet::new();
    for (seed, client) in (10..).zip([two.app.anonymous(), two.other.anonymous()]) {
        let (links, dead, rounds) = (links.clone(), dead.clone(), rounds.clone());
        readers.spawn(async move {
            let mut random = Random::new(seed);
            loop {
                // One more round after the last delete.
                let last = dead.iter().all(|flag| flag.load(SeqCst));
                for (at, link) in links.iter().enumerate() {
                    let was_dead = dead[at].load(SeqCst);
                    let answers = statuses(&client, &mut random, link).await;
                    assert!(!was_dead || answers == GONE, "after the delete's answer: {answers:?}");
                }
                rounds.fetch_add(1, SeqCst);
                if last {
                    return;
                }
            }
        });
    }
    let there = two.other.anonymous();
    there.set_cookie(takeback::http::auth::cookie_name(&two.app.config), &two.owner.secret);
    for (at, link) in links.iter().enumerate() {
        while rounds.load(SeqCst) < at && readers.try_join_next().is_none() {
            tokio::task::yield_now().await;
        }
        let client = if at % 2 == 0 { &there } else { &two.owner.client };
        assert_eq!(client.post_form(&format!("/links/{}/delete", link.link.id), &[]).await.status, 303);
        dead[at].store(true, SeqCst);
    }
    while let Some(reader) = readers.join_next().await {
        reader.unwrap();
    }
}
