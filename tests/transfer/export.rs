//! Exports for tests to import, ways to import them, and what the database then holds.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use serde_json::{Value, json};
use takeback::accounts::user::User;

use crate::support::{Actor, Client, Reply, TestApp};

/// A conversation of `ChatGPT`'s export in one line of messages, each a role and a text; ids are made of `id`.
pub(super) fn chat(id: &str, title: &str, messages: &[(&str, &str)]) -> Value {
    let node = |n: usize| format!("{id}-{n}");
    let mut mapping = serde_json::Map::new();
    for (n, (role, text)) in messages.iter().enumerate() {
        let message = json!({
            "id": node(n), "author": {"role": role}, "create_time": 1_700_000_000.0 + f64::from(u32::try_from(n).unwrap()),
            "content": {"content_type": "text", "parts": [text]}, "metadata": {}, "recipient": "all",
        });
        let children = if n + 1 < messages.len() { vec![node(n + 1)] } else { Vec::new() };
        let parent = n.checked_sub(1).map(node);
        mapping.insert(node(n), json!({"id": node(n), "parent": parent, "children": children, "message": message}));
    }
    json!({
        "id": id, "conversation_id": id, "title": title, "create_time": 1_700_000_000.0, "update_time": 1_700_000_100.0,
        "current_node": node(messages.len() - 1), "mapping": mapping,
    })
}

/// `count` conversations of two messages each.
pub(super) fn chats(count: usize) -> Vec<Value> {
    (0..count).map(|n| chat(&format!("chat{n}"), &format!("Chat {n}"), &[("user", "a question"), ("assistant", "an answer")])).collect()
}

pub(super) fn bytes(chats: &[Value]) -> Vec<u8> {
    serde_json::to_vec(chats).unwrap()
}

/// A ZIP file with these entries, deflated.
pub(super) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    let (two, four) = (|n: usize| u16::try_from(n).unwrap().to_le_bytes(), |n: usize| u32::try_from(n).unwrap().to_le_bytes());
    for (name, content) in entries {
        let mut crc = Crc::new();
        crc.update(content);
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        let packed = encoder.finish().unwrap();
        let offset = out.len();
        // Version, flags, deflate, time, date, then sizes: APPNOTE.TXT 4.3.7 and 4.3.12.
        let mut common = Vec::new();
        common.extend([20, 0, 0, 8, 8, 0, 0, 0, 0, 0]);
        common.extend(crc.sum().to_le_bytes());
        common.extend(four(packed.len()));
        common.extend(four(content.len()));
        common.extend(two(name.len()));
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(&packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(four(offset));
        directory.extend(name.as_bytes());
    }
    let at = out.len();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(two(entries.len()));
    out.extend(two(entries.len()));
    out.extend(four(directory.len()));
    out.extend(four(at));
    out.extend([0, 0]);
    out
}

/// The report's page, once the import is over.
pub(super) async fn import(person: &Actor, name: &str, bytes: Vec<u8>) -> Reply {
    let sent = person.upload("/import", "file", name, bytes).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    over(person, sent.location()).await
}

/// Asks until the import is over; each question lets the server work.
pub(super) async fn over(client: &Client, path: &str) -> Reply {
    for _ in 0..100_000 {
        let page = client.get(path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        if !page.body.contains("data-poll") {
            return page;
        }
    }
    panic!("the import does not end");
}

/// How many conversations, messages and files a person has.
pub(super) async fn held(app: &TestApp, owner: &User) -> (i64, i64, i64) {
    let query = "SELECT COUNT(*), \
        (SELECT COUNT(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN message_bodies b ON b.message_id = m.id WHERE c.owner_id = $1), \
        (SELECT COUNT(*) FROM files f JOIN conversations c ON c.id = f.conversation_id WHERE c.owner_id = $1) \
        FROM conversations WHERE owner_id = $1";
    sqlx::query_as(query).bind(&owner.id).fetch_one(app.db.reader()).await.unwrap()
}

/// A page with one number of the tally.
pub(super) fn tally(page: &Reply, name: &str) -> i64 {
    let after = page.body.split_once(&format!("<dt>{name}</dt><dd>"));
    after.map_or(0, |(_, rest)| rest.split('<').next().unwrap().replace(',', "").parse().unwrap())
}

/// A file of the test data beside the project, or `None` (with a word about it) on a machine that has only the project.
#[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
pub(super) fn corpus(path: &str) -> Option<PathBuf> {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora").join(path);
    if whole.exists() {
        return Some(whole);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", whole.display());
    println!("skipped: {} is not here", whole.display());
    None
}
