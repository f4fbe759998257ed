//! Every route, asked by everybody. The expected cells are written by hand, from what the product promises; a route
//! that has no row fails the test, and so does a row whose route is gone.
//!
//! A cell is a status (`200`), a redirect (`>/links`), `in` (a redirect to the sign-in page), or `gone` (the 404 of
//! every share address). What the request sends stands behind the bar. Nobody but a successful POST may change a row
//! of the database, and no POST from another site does.

mod cells;
mod scene;
mod states;

use std::collections::BTreeSet;

use cells::{Row, check};
use takeback::http::routes;

/// Open to all.
const GROUND: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /assets/{hash}/{*name}        200         200         200         200         200         200
    GET /healthz                      200         200         200         200         200         200
    GET /readyz                       200         200         200         200         200         200
    GET /robots.txt                   200         200         200         200         200         200
";

/// What an owner does with links. An administrator is just another person here.
const LINKS: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /c/{id}/share                 in          404         200         404         in          in
    POST /c/{id}/share                in          404         200         404         in          in        | title=Mine&author=anonymous
    GET /c/{id}/share/preview         in          404         200         404         in          in
    GET /links                        in          200         200         200         in          in
    GET /links/delete-all             in          200         200         200         in          in
    POST /links/delete-all            in          200         200         200         in          in
    POST /links/{id}/edit             in          404         >/links     404         in          in        | title=Other&author=name
    POST /links/{id}/update           in          404         >/links     404         in          in
    GET /links/{id}/delete            in          404         200         404         in          in
    POST /links/{id}/delete           in          404         >/links     404         in          in
";

/// An open link, seen by everybody. The link of a disabled or deleted owner is gone for them too.
const SHARE: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /share/{token}                200         200         200         200         gone        gone
    GET /share/{token}/markdown       200         200         200         200         gone        gone
    GET /share/{token}/files/{file}   200         200         200         200         gone        gone
    GET /share/{token}/continue       200         200         200         200         gone        gone
    POST /share/{token}/continue      >/share/    >/c/        >/c/        >/c/        gone        gone
    GET /share/{token}/report         200         200         200         200         gone        gone
    POST /share/{token}/report        200         200         200         200         gone        gone      | reason=other&details=Words
";

const TABLES: [&str; 3] = [GROUND, LINKS, SHARE];

fn rows(table: &'static str) -> impl Iterator<Item = Row> {
    table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("route")).map(Row::parse)
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let routes: BTreeSet<String> = routes::all().list.iter().map(|(method, pattern)| format!("{method} {pattern}")).collect();
    let rows: Vec<String> = TABLES.into_iter().flat_map(rows).map(|row| row.name()).collect();
    let unique: BTreeSet<String> = rows.iter().cloned().collect();
    assert_eq!(unique, routes);
    assert_eq!(unique.len(), rows.len(), "a route has two rows");
}

#[tokio::test]
async fn the_ground_is_open_to_all() {
    check(rows(GROUND)).await;
}

#[tokio::test]
async fn links_are_their_owner_s_alone() {
    check(rows(LINKS)).await;
}

#[tokio::test]
async fn an_open_link_is_open_to_everybody() {
    check(rows(SHARE)).await;
}

/// However a link ended, for whoever asks: the same bytes as for one that never was.
#[tokio::test]
async fn an_ended_link_is_gone_on_every_route_for_everybody() {
    states::check(rows(SHARE)).await;
}
