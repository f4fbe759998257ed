//! Links at a terminal, from the API's objects.

use comfy_table::{Table, presets};
use serde_json::Value;

use crate::cli::now;
use crate::pages::view::{Time, date};
use crate::remote::plain;

/// The longest title in a table.
const TITLE: usize = 60;

/// One row for each link.
pub fn table(links: &[Value]) -> String {
    if links.is_empty() {
        return "No links.".to_owned();
    }
    // A server elsewhere shows only the key's person's.
    let with_owner = links.iter().any(|link| link["owner"].is_object());
    let mut table = Table::new();
    let with_password = links.iter().any(|link| link["has_password"] == true);
    let mut head = vec!["ID", "TITLE", "OWNER", "ASKS FOR", "SHARED", "ENDS", "VIEWS", "COPIES", "LAST VIEW"];
    head.retain(|name| (with_owner || *name != "OWNER") && (with_password || *name != "ASKS FOR"));
    table.load_style(presets::NOTHING).set_header(head);
    for link in links {
        let mut row = vec![text(link, "id"), title(link)];
        row.extend(with_owner.then(|| plain(link["owner"]["email"].as_str().unwrap_or_default(), TITLE)));
        row.extend(with_password.then(|| if link["has_password"] == true { "password".to_owned() } else { "-".to_owned() }));
        row.extend([day(link, "created_at"), end(link), views(link), number(link, "copies"), last_view(link)]);
        table.add_row(row);
    }
    table.to_string()
}

/// One link, with a line for each of its facts.
pub fn one(link: &Value) -> String {
    format!(
        "{}\n{}\nshared     {}, {}\nends       {}{}\nmessages   {} (revision {})\nviews      {}, last {}\ncopies     {}",
        plain(link["title"].as_str().unwrap_or_default(), usize::MAX),
        text(link, "url"),
        at(link, "created_at").map(|at| date(at).1).unwrap_or_default(),
        if link["author"]["display"] == "name" { "with the owner's name" } else { "anonymously" },
        ends(link),
        if link["has_password"] == true { "\nasks for   a password" } else { "" },
        number(link, "message_count"),
        number(link, "revision"),
        views(link),
        last_view(link),
        copies(link),
    )
}

/// A field of text; from a server elsewhere it is anybody's.
pub fn text(object: &Value, name: &str) -> String {
    plain(object[name].as_str().unwrap_or_default(), 300)
}

/// A link's title, as long as a table has room.
pub fn title(link: &Value) -> String {
    plain(link["title"].as_str().unwrap_or_default(), TITLE)
}

/// The day of a time.
pub fn day(object: &Value, name: &str) -> String {
    at(object, name).map(|at| date(at).0).unwrap_or_default()
}

/// When somebody opened it last.
pub fn last_view(link: &Value) -> String {
    at(link, "last_viewed_at").map_or_else(|| "never".to_owned(), |at| Time::at(at, now()).relative)
}

/// The last day of it, as long as a table has room.
fn end(link: &Value) -> String {
    if link["status"] == "expired" { "ended".to_owned() } else { at(link, "expires_at").map_or_else(|| "-".to_owned(), |at| date(at).0) }
}

/// When it ends by itself, and whether it has.
fn ends(link: &Value) -> String {
    let used_up = link["max_views"].as_i64().is_some_and(|most| link["views"].as_i64().is_some_and(|views| views >= most));
    match at(link, "expires_at").map(|at| Time::at(at, now()).exact) {
        _ if used_up => "all its views are used: nobody can open it any more".to_owned(),
        None => "when it is deleted".to_owned(),
        Some(time) if link["status"] == "expired" => format!("{time}: nobody can open it any more"),
        Some(time) => time,
    }
}

/// "2 of 5" of a link that can be opened so often.
fn views(link: &Value) -> String {
    let views = number(link, "views");
    link["max_views"].as_i64().map_or_else(|| views.clone(), |most| format!("{views} of {most}"))
}

fn copies(link: &Value) -> String {
    let copies = number(link, "copies");
    if link["allow_continue"] == false { format!("{copies}, and no more can be made") } else { copies }
}

fn at(object: &Value, name: &str) -> Option<i64> {
    object[name].as_i64().map(|seconds| seconds.saturating_mul(1_000_000))
}

fn number(object: &Value, name: &str) -> String {
    object[name].as_i64().unwrap_or_default().to_string()
}
