//! The tables' rows, and how a cell is checked.

use reqwest::Method;

use super::scene::{Who, World};
use crate::support::Reply;

/// One route and who may do what with it.
pub(super) struct Row {
    pub(super) method: Method,
    pub(super) pattern: &'static str,
    expected: Vec<&'static str>,
    /// A form, as a query string; `{export}` is a file, `{message of the composer}` a form of parts.
    pub(super) form: &'static str,
}

impl Row {
    pub(super) fn parse(line: &'static str) -> Self {
        let (cells, form) = line.split_once('|').map_or((line, ""), |(cells, form)| (cells, form.trim()));
        let mut words = cells.split_whitespace();
        let (method, pattern) = (words.next().unwrap().parse().unwrap(), words.next().unwrap());
        let expected: Vec<&str> = words.collect();
        assert_eq!(expected.len(), Who::ALL.len(), "a cell is missing in: {line}");
        Self { method, pattern, expected, form }
    }

    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.pattern)
    }

    fn is_safe(&self) -> bool {
        self.method == Method::GET
    }
}

/// Asks every row of the table as everybody.
pub(super) async fn check(rows: impl Iterator<Item = Row>) {
    let mut wrong = Vec::new();
    for row in rows {
        // A database for each row keeps them small, and what a job cleans up after one row out of the next.
        let world = World::new().await;
        let (refused, allowed): (Vec<_>, Vec<_>) =
            Who::ALL.into_iter().zip(row.expected.iter().copied()).partition(|(_, cell)| row.is_safe() || is_refusal(cell));
        for (who, cell) in refused {
            wrong.extend(refusal(&world, &row, who, cell).await);
        }
        if !row.is_safe() {
            wrong.extend(cross_site(&world, &row).await);
        }
        for (who, cell) in allowed {
            let scene = world.scene(who).await;
            let reply = world.ask(&row, &scene, "same-origin").await;
            wrong.extend((!fits(cell, &reply)).then(|| format!("{} as {who:?}: {cell} expected, got {}", row.name(), outcome(&reply))));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A cell after which every row of the database is as it was.
async fn refusal(world: &World, row: &Row, who: Who, cell: &str) -> Option<String> {
    let scene = world.scene(who).await;
    let before = world.app.rows().await;
    let reply = world.ask(row, &scene, "same-origin").await;
    let same = world.app.rows().await == before;
    if !fits(cell, &reply) {
        return Some(format!("{} as {who:?}: {cell} expected, got {}", row.name(), outcome(&reply)));
    }
    (!same).then(|| format!("{} as {who:?}: something was changed", row.name()))
}

/// The owner's browser sends the form because another site told it to.
async fn cross_site(world: &World, row: &Row) -> Option<String> {
    let scene = world.scene(Who::Owner).await;
    let before = world.app.rows().await;
    let mut wrong = Vec::new();
    for site in ["cross-site", "same-site"] {
        let reply = world.ask(row, &scene, site).await;
        wrong.extend((reply.status != 403).then(|| format!("{site}: {}", outcome(&reply))));
    }
    wrong.extend((world.app.rows().await != before).then(|| "something was changed".to_owned()));
    (!wrong.is_empty()).then(|| format!("{} from another site: 403 expected, got {}", row.name(), wrong.join(", ")))
}

fn is_refusal(cell: &str) -> bool {
    matches!(cell, "in" | "gone") || cell.starts_with('4')
}

fn fits(cell: &str, reply: &Reply) -> bool {
    match cell {
        "in" => reply.status == 303 && reply.location().starts_with("/signin"),
        "gone" => reply.status == 404 && reply.body.contains("This page isn’t here"),
        _ => match cell.strip_prefix('>') {
            Some(to) => reply.status == 303 && leads(reply.location(), to),
            None => reply.status.to_string() == cell,
        },
    }
}

/// To this path, or below it (`/c/*`), whatever the query and the place on the page.
fn leads(location: &str, to: &str) -> bool {
    let path = location.split(['?', '#']).next().unwrap();
    to.strip_suffix('*').map_or(path == to, |below| path.starts_with(below))
}

fn outcome(reply: &Reply) -> String {
    match reply.location() {
        "" => reply.status.to_string(),
        to => format!("{} to {to}", reply.status),
    }
}
