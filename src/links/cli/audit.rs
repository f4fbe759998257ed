//! `takeback links audit`: links that deserve a look, the oldest first.

use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::Place;
use super::print::{day, last_view, text, title};
use crate::cli::{Ended, now, say};
use crate::clock::DAY_MICROS;
use crate::error::Error;
use crate::remote::plain;

/// Why a link deserves a look: for machines, and for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// Made long ago, and not opened since long ago.
    Stale(i64),
    /// Its owner's account is disabled: it is closed, and opens again with the account.
    OwnerDisabled,
    /// The page says whose it is.
    Named,
}

impl Reason {
    fn name(self) -> &'static str {
        match self {
            Self::Stale(_) => "stale",
            Self::OwnerDisabled => "owner_disabled",
            Self::Named => "named",
        }
    }

    fn words(self) -> String {
        match self {
            Self::Stale(1) => "not opened for a day".to_owned(),
            Self::Stale(days) => format!("not opened for {days} days"),
            Self::OwnerDisabled => "of a disabled account".to_owned(),
            Self::Named => "shows its owner's name".to_owned(),
        }
    }
}

/// Runs `takeback links audit`.
///
/// # Errors
/// As the list of links.
pub async fn audit(place: &Place, stale: i64, user: Option<&str>, as_json: bool) -> Result<Ended, Error> {
    let before = (now() - stale * DAY_MICROS).div_euclid(1_000_000);
    let links = place.list(None, user).await?;
    let mut found: Vec<(Value, Vec<Reason>)> = links
        .into_iter()
        // One that has ended is closed already.
        .filter(|link| link["status"] != "expired")
        .map(|link| (reasons(&link, before, stale), link))
        .filter(|(reasons, _)| !reasons.is_empty())
        .map(|(reasons, link)| (link, reasons))
        .collect();
    found.sort_by_key(|(link, _)| (link["created_at"].as_i64(), link["id"].as_str().map(str::to_owned)));
    let data: Vec<Value> = found
        .iter()
        .map(|(link, reasons)| {
            let mut link = link.clone();
            link["reasons"] = json!(reasons.iter().map(|reason| reason.name()).collect::<Vec<_>>());
            link
        })
        .collect();
    say(as_json, &json!({"object": "list", "data": data, "has_more": false}), || table(&found));
    Ok(if found.is_empty() { Ended::Done } else { Ended::Found })
}

fn reasons(link: &Value, before: i64, days: i64) -> Vec<Reason> {
    let old = |name: &str| link[name].as_i64().is_none_or(|at| at < before);
    let of = [
        (old("created_at") && old("last_viewed_at")).then_some(Reason::Stale(days)),
        (link["owner"]["disabled"] == true).then_some(Reason::OwnerDisabled),
        (link["author"]["display"] == "name").then_some(Reason::Named),
    ];
    of.into_iter().flatten().collect()
}

fn table(found: &[(Value, Vec<Reason>)]) -> String {
    if found.is_empty() {
        return "No link needs a look.".to_owned();
    }
    let with_owner = found.iter().any(|(link, _)| link["owner"].is_object());
    let mut table = Table::new();
    let mut head = vec!["ID", "TITLE", "OWNER", "SHARED", "LAST VIEW", "WHY"];
    head.retain(|name| with_owner || *name != "OWNER");
    table.load_style(presets::NOTHING).set_header(head);
    for (link, reasons) in found {
        let why = reasons.iter().map(|reason| reason.words()).collect::<Vec<_>>().join(", ");
        let mut row = vec![text(link, "id"), title(link)];
        row.extend(with_owner.then(|| plain(link["owner"]["email"].as_str().unwrap_or_default(), 60)));
        row.extend([day(link, "created_at"), last_view(link), why]);
        table.add_row(row);
    }
    table.to_string()
}
