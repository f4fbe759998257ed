//! Every route, asked by everybody. The expected cells are written by hand, from what the product promises; a route
//! that has no row fails the test, and so does a row whose route is gone.
//!
//! A cell is a status (`200`), a redirect (`>/links`, `>/c/*`), `in` (a redirect to the sign-in page, with nothing
//! changed), or `gone` (the 404 of every share address). What the form sends stands behind the bar. Nothing but a
//! successful POST may change a row of the database, and no POST from another site does.

mod cells;
mod keys;
mod scene;
mod states;

use std::collections::BTreeSet;

use cells::{Row, check};
use keys::Operation;
use takeback::http::routes;

/// Open to all.
const GROUND: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /assets/{hash}/{*name}        200         200         200         200         200         200
    GET /healthz                      200         200         200         200         200         200
    GET /readyz                       200         200         200         200         200         200
    GET /robots.txt                   200         200         200         200         200         200
    GET /openapi.json                 200         200         200         200         200         200
    GET /docs/api                     200         200         200         200         200         200
";

/// Ways in and out. The forms name the owner, so a disabled or deleted one stays outside.
const DOORS: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /setup                        in          in          in          in          in          in
    POST /setup                       in          in          in          in          in          in        | name=N&email={fresh}&password={password}
    GET /signin                       200         >/          >/          >/          200         200
    POST /signin                      >/          >/          >/          >/          403         400       | email={email}&password={password}
    POST /signout                     in          >/signin    >/signin    >/signin    in          in
    GET /signup                       403         >/          >/          >/          403         403
    POST /signup                      403         403         403         403         403         403       | name=N&email={fresh}&password={password}
    GET /invite/{token}               200         200         200         200         200         200
    POST /invite/{token}              >/          >/          >/          >/          >/          >/        | name=N&email={fresh}&password={password}
    GET /reset/{token}                200         200         200         200         200         404
    POST /reset/{token}               >/          >/          >/          >/          403         404       | password={password}
";

/// One's own account, and other people's for administrators.
const SETTINGS: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /settings                     in          200         200         200         in          in
    POST /settings/profile            in          >/settings  >/settings  >/settings  in          in        | name=N&email={own}
    POST /settings/password           in          >/settings  >/settings  >/settings  in          in        | current={password}&password=another {password}
    POST /settings/sessions           in          >/settings  >/settings  >/settings  in          in
    GET /settings/data                in          200         200         200         in          in
    GET /settings/keys                in          200         200         200         in          in
    POST /settings/keys               in          200         200         200         in          in        | name=Mine&scope=shared_links:read&expires=30
    GET /settings/keys/{id}/revoke    in          404         200         404         in          in
    POST /settings/keys/{id}/revoke   in          404         >/settings/keys 404     in          in
    GET /settings/activity            in          200         200         200         in          in
    GET /settings/activity/export     in          200         200         200         in          in
    GET /settings/delete-account      in          200         200         200         in          in
    POST /settings/delete-account     in          >/signin    >/signin    >/signin    in          in        | password={password}
    GET /settings/people              in          403         403         200         in          in
    POST /settings/people/invite      in          403         403         200         in          in        | email={fresh}
    POST /settings/people/signup      in          403         403         >/settings/people in    in        | mode=open
    POST /settings/people/{id}/disable in         403         403         >/settings/people in    in
    POST /settings/people/{id}/enable in          403         403         >/settings/people in    in
    POST /settings/people/{id}/role   in          403         403         >/settings/people in    in        | admin=true
    POST /settings/people/{id}/reset  in          403         403         200         in          in
";

/// What is told to programs is their person's alone.
const WEBHOOKS: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /settings/webhooks            in          200         200         200         in          in
    POST /settings/webhooks           in          200         200         200         in          in        | name=Mine&url=https://8.8.8.8/hook&event_types=shared_link.expired
    GET /settings/webhooks/{id}       in          404         200         404         in          in
    POST /settings/webhooks/{id}      in          404         >/settings/webhooks/* 404 in        in        | name=Mine&url=https://8.8.8.8/hook&event_types=shared_link.expired
    POST /settings/webhooks/{id}/state in         404         >/settings/webhooks/* 404 in        in        | enabled=false
    POST /settings/webhooks/{id}/test in          404         200         404         in          in        | event_type=shared_link.created
    POST /settings/webhooks/{id}/deliveries/{delivery}/again in 404 >/settings/webhooks/* 404 in in
    GET /settings/webhooks/{id}/secret in         404         200         404         in          in
    POST /settings/webhooks/{id}/secret in        404         200         404         in          in
    GET /settings/webhooks/{id}/delete in         404         200         404         in          in
    POST /settings/webhooks/{id}/delete in        404         >/settings/webhooks 404 in          in
";

/// Where answers come from is administrators' business.
const PROVIDERS: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /settings/models              in          403         403         200         in          in
    POST /settings/models/refresh     in          403         403         >/settings/models in    in
    POST /settings/models/default     in          403         403         >/settings/models in    in        | model=
    GET /settings/models/add          in          403         403         200         in          in
    POST /settings/models/add         in          403         403         >/settings/models in    in        | name=Lab&kind=compatible&base_url=https://8.8.8.8/v1&key=k&models=m
    GET /settings/models/{id}/edit    in          403         403         200         in          in
    POST /settings/models/{id}/edit   in          403         403         >/settings/models in    in        | name=Lab&kind=compatible&base_url=https://8.8.8.8/v1&models=m
    POST /settings/models/{id}/test   in          403         403         400         in          in
    GET /settings/models/{id}/remove  in          403         403         200         in          in
    POST /settings/models/{id}/remove in          403         403         >/settings/models in    in
    GET /settings/models/{id}/models  in          403         403         200         in          in
    POST /settings/models/{id}/models in          403         403         >/settings/models/* in  in        | listed=m
    GET /settings/models/{id}/rule    in          403         403         404         in          in
    POST /settings/models/{id}/rule   in          403         403         >/settings/models/* in  in        | model={model}&audience=admins
";

/// Imports are their person's alone.
const TRANSFER: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /import                       in          200         200         200         in          in
    POST /import                      in          >/import/*  >/import/*  >/import/*  in          in        | {export}
    GET /import/{id}                  in          404         200         404         in          in
";

/// Conversations are private: an administrator is just another person here.
const CONVERSATIONS: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /                             in          200         200         200         in          in
    GET /conversations                in          200         200         200         in          in
    GET /c/{id}                       in          404         200         404         in          in
    GET /c/{id}/rename                in          404         200         404         in          in
    POST /c/{id}/rename               in          404         >/c/*       404         in          in        | title=Mine
    GET /c/{id}/delete                in          404         200         404         in          in
    POST /c/{id}/delete               in          404         >/          404         in          in
    POST /c/{id}/branch               in          404         >/c/*       404         in          in        | message={message}
    GET /files/{file}                 in          404         200         404         in          in
    POST /sample                      in          >/c/*       >/c/*       >/c/*       in          in
";

/// What is said to models, and what they answer.
const ANSWERS: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    POST /chats                       in          >/c/*       >/c/*       >/c/*       in          in        | {message of the composer}
    POST /c/{id}/messages             in          404         >/c/*       404         in          in        | {message of the composer}
    GET /c/{id}/messages/{message}/edit in        404         200         404         in          in
    POST /c/{id}/messages/{message}/edit in       404         >/c/*       404         in          in        | text=Hello&model=
    POST /c/{id}/messages/{message}/again in      404         >/c/*       404         in          in        | model=
    POST /c/{id}/stop                 in          404         >/c/*       404         in          in
    GET /c/{id}/events                in          404         200         404         in          in
    POST /settings/instructions       in          >/settings  >/settings  >/settings  in          in        | instructions=Brief
";

/// An assistant that is published and listed for nobody.
const ASSISTANTS: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /assistants                   in          200         200         200         in          in
    POST /assistants                  in          >/assistants/* >/assistants/* >/assistants/* in in          | {assistant}
    GET /assistants/new               in          200         200         200         in          in
    GET /assistants/{id}              in          404         200         404         in          in
    POST /assistants/{id}/chats       in          404         >/c/*       404         in          in          | {message of the composer}
    GET /assistants/{id}/picture/{file} in        404         200         404         in          in
    GET /assistants/{id}/edit         in          404         200         404         in          in
    POST /assistants/{id}/edit        in          404         >/assistants/* 404      in          in          | {assistant}
    POST /assistants/{id}/publish     in          404         >/assistants/* 404      in          in
    POST /assistants/{id}/duplicate   in          404         >/assistants/* 404      in          in
    POST /assistants/{id}/links       in          404         >/assistants/* 404      in          in          | author=name
    POST /assistants/{id}/visibility  in          404         >/assistants/* 404      in          in          | listed=true
    GET /assistants/{id}/delete       in          404         200         404         in          in
    POST /assistants/{id}/delete      in          404         >/assistants 404        in          in
    GET /assistants/{id}/editors      in          404         200         404         in          in
    POST /assistants/{id}/editors     in          404         >/assistants/* 404      in          in          | email=root.thornapple@example.org
    POST /assistants/{id}/editors/{user}/remove in 404        >/assistants/* 404      in          in
    GET /assistants/{id}/versions     in          404         200         404         in          in
    GET /assistants/{id}/versions/{number} in     404         200         404         in          in
    POST /assistants/{id}/versions/{number}/restore in 404    >/assistants/* 404      in          in
    GET /assistants/{id}/preview      in          404         200         404         in          in
    POST /assistants/{id}/preview/messages in     404         >/assistants/* 404      in          in          | {message of the composer}
    POST /assistants/{id}/preview/stop in         404         >/assistants/* 404      in          in
    POST /assistants/{id}/preview/clear in        404         >/assistants/* 404      in          in
    GET /assistants/{id}/preview/events in        404         200         404         in          in
";

/// What an owner does with links.
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
    POST /links/{id}/pause            in          404         >/assistants/* 404      in          in
    POST /links/{id}/resume           in          404         >/assistants/* 404      in          in
    POST /links/{id}/caps             in          404         >/assistants/* 404      in          in        | messages_a_day=1&guest_messages_a_day=1&address_messages_a_day=1&input_chars=1&output_tokens=1&tokens_a_month=1
    POST /links/{id}/frames           in          404         >/assistants/* 404      in          in        | frames=https://example.org
    GET /links/{id}/delete            in          404         200         404         in          in
    POST /links/{id}/delete           in          404         >/links     404         in          in
";

/// An open link, seen by everybody. The link of a disabled or deleted owner is gone for them too.
const SHARE: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /share/{token}                200         200         200         200         gone        gone
    POST /share/{token}/open          >/share/*   >/share/*   >/share/*   >/share/*   gone        gone      | password=any+words+at+all
    GET /share/{token}/markdown       200         200         200         200         gone        gone
    GET /share/{token}/files/{file}   200         200         200         200         gone        gone
    GET /share/{token}/continue       200         200         200         200         gone        gone
    POST /share/{token}/continue      >/share/*   >/c/*       >/c/*       >/c/*       gone        gone
    GET /share/{token}/report         200         200         200         200         gone        gone
    POST /share/{token}/report        200         200         200         200         gone        gone      | reason=other&details=Words
";

/// What programs do. The first word behind an operation is the scope that it asks for; the key of a column has all of
/// them (`other`, `admin`, `owner` and those that are dead), all but that one, or only that one.
const API: &str = "
    operation                             scope              nothing session other admin owner all-but only expired revoked disabled deleted
    GET /v1/audit_events                  audit:read         401     401     200   200   200   403     200  401     401     401      401
    GET /v1/shared_links                  shared_links:read  401     401     200   200   200   403     200  401     401     401      401
    POST /v1/shared_links                 shared_links:write 401     401     404   404   200   403     200  401     401     401      401 | {\"target\": {\"type\": \"conversation\", \"id\": \"{conversation}\"}}
    DELETE /v1/shared_links?all=true      shared_links:write 401     401     200   200   200   403     200  401     401     401      401
    GET /v1/shared_links/{link_id}        shared_links:read  401     401     404   404   200   403     200  401     401     401      401
    POST /v1/shared_links/{link_id}       shared_links:write 401     401     404   404   200   403     200  401     401     401      401 | {\"title\": \"Theirs\"}
    DELETE /v1/shared_links/{link_id}     shared_links:write 401     401     404   404   200   403     200  401     401     401      401
    GET /v1/conversations                 conversations:read  401   401     200   200   200   403     200  401     401     401      401
    POST /v1/conversations                conversations:write 401   401     200   200   200   403     200  401     401     401      401 | {\"title\": \"Theirs\"}
    GET /v1/conversations/{conversation_id} conversations:read 401  401     404   404   200   403     200  401     401     401      401
    POST /v1/conversations/{conversation_id} conversations:write 401 401    404   404   200   403     200  401     401     401      401 | {\"title\": \"Theirs\"}
    DELETE /v1/conversations/{conversation_id} conversations:write 401 401  404   404   200   403     200  401     401     401      401
    GET /v1/conversations/{conversation_id}/messages conversations:read 401 401 404 404 200   403     200  401     401     401      401
    POST /v1/conversations/{conversation_id}/messages conversations:write 401 401 404 404 200 403     403  401     401     401      401 | {\"content\": \"Hello\"}
    POST /v1/imports                      conversations:write 401   401     200   200   200   403     200  401     401     401      401 | {export}
    GET /v1/imports/{import_id}           conversations:read  401   401     404   404   200   403     200  401     401     401      401
    GET /v1/assistants                    assistants:read    401     401     200   200   200   403     200  401     401     401      401
    POST /v1/assistants                   assistants:write   401     401     200   200   200   403     200  401     401     401      401 | {\"name\": \"Theirs\"}
    GET /v1/assistants/{assistant_id}     assistants:read    401     401     404   404   200   403     200  401     401     401      401
    POST /v1/assistants/{assistant_id}    assistants:write   401     401     404   404   200   403     200  401     401     401      401 | {\"name\": \"Theirs\", \"visibility\": \"listed\"}
    DELETE /v1/assistants/{assistant_id}  assistants:write   401     401     404   404   200   403     200  401     401     401      401
    GET /v1/assistants/{assistant_id}/versions assistants:read 401   401     404   404   200   403     200  401     401     401      401
    GET /v1/models                        chat               401     401     200   200   200   403     200  401     401     401      401
    GET /v1/models/{*model}               chat               401     401     200   200   200   403     200  401     401     401      401
    POST /v1/chat/completions             chat               401     401     200   200   200   403     200  401     401     401      401 | {\"model\": \"demo/demo\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}
    GET /v1/webhook_endpoints             webhooks:read      401     401     200   200   200   403     200  401     401     401      401
    POST /v1/webhook_endpoints            webhooks:write     401     401     200   200   200   403     200  401     401     401      401 | {\"name\": \"Mine\", \"url\": \"https://8.8.8.8/hook\", \"event_types\": [\"shared_link.expired\"]}
    GET /v1/webhook_endpoints/{endpoint_id} webhooks:read    401     401     404   404   200   403     200  401     401     401      401
    POST /v1/webhook_endpoints/{endpoint_id} webhooks:write  401     401     404   404   200   403     200  401     401     401      401 | {\"name\": \"Theirs\"}
    DELETE /v1/webhook_endpoints/{endpoint_id} webhooks:write 401    401     404   404   200   403     200  401     401     401      401
    POST /v1/webhook_endpoints/{endpoint_id}/rotate_secret webhooks:write 401 401 404 404 200 403   200  401     401     401      401 | {}
    POST /v1/webhook_endpoints/{endpoint_id}/test webhooks:write 401 401     404   404   422   403     422  401     401     401      401 | {\"event_type\": \"shared_link.created\"}
    GET /v1/webhook_endpoints/{endpoint_id}/deliveries webhooks:read 401 401 404   404   200   403     200  401     401     401      401
    POST /v1/webhook_endpoints/{endpoint_id}/deliveries/{delivery_id}/retry webhooks:write 401 401 404 404 200 403 200 401 401 401   401
";

/// An open link to an assistant, at which each of them said something as a guest before: those who have an account in the
/// browser that they signed in with later. One site may show it in a frame.
const GUESTS: &str = "
    route                             anonymous   other       owner       admin       disabled    deleted
    GET /g/{token}                    200         200         200         200         gone        gone
    GET /g/{token}/picture            200         200         200         200         gone        gone
    GET /g/{token}/events             200         200         200         200         404         404
    POST /g/{token}/messages          >/g/*       >/c/*       >/c/*       >/c/*       gone        gone        | {message of the composer}
    POST /g/{token}/stop              >/g/*       >/g/*       >/g/*       >/g/*       gone        gone
    POST /g/{token}/clear             >/g/*       >/g/*       >/g/*       >/g/*       gone        gone
    POST /g/{token}/keep              in          >/c/*       >/c/*       >/c/*       gone        gone
    GET /embed/g/{token}              200         200         200         200         gone        gone
    GET /embed/g/{token}/picture      200         200         200         200         gone        gone
    GET /embed/g/{token}/events       200         200         200         200         404         404
    POST /embed/g/{token}/messages    >/embed/*   >/embed/*   >/embed/*   >/embed/*   gone        gone        | {message of the composer}
    POST /embed/g/{token}/stop        >/embed/*   >/embed/*   >/embed/*   >/embed/*   gone        gone
    POST /embed/g/{token}/clear       >/embed/*   >/embed/*   >/embed/*   >/embed/*   gone        gone
";

const TABLES: [&str; 12] =
    [GROUND, DOORS, SETTINGS, WEBHOOKS, PROVIDERS, TRANSFER, CONVERSATIONS, ANSWERS, ASSISTANTS, LINKS, SHARE, GUESTS];

fn rows(table: &'static str) -> impl Iterator<Item = Row> {
    table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("route")).map(Row::parse)
}

fn operations() -> impl Iterator<Item = Operation> {
    API.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("operation")).map(Operation::parse)
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let routes: BTreeSet<String> = routes::all().list.iter().map(|(method, pattern)| format!("{method} {pattern}")).collect();
    let rows: Vec<String> =
        TABLES.into_iter().flat_map(rows).map(|row| row.name()).chain(operations().map(|operation| operation.name)).collect();
    let unique: BTreeSet<String> = rows.iter().cloned().collect();
    assert_eq!(unique, routes);
    assert_eq!(unique.len(), rows.len(), "a route has two rows");
}

#[tokio::test]
async fn the_ground_is_open_to_all() {
    check(rows(GROUND)).await;
}

#[tokio::test]
async fn doors_open_to_who_has_the_key() {
    check(rows(DOORS)).await;
}

#[tokio::test]
async fn settings_are_one_s_own_and_people_an_administrator_s() {
    check(rows(SETTINGS)).await;
}

#[tokio::test]
async fn webhooks_are_their_owner_s_alone() {
    check(rows(WEBHOOKS)).await;
}

#[tokio::test]
async fn an_assistant_is_its_editors_until_it_is_given_out() {
    check(rows(ASSISTANTS)).await;
}

#[tokio::test]
async fn providers_and_models_are_administrators_business() {
    check(rows(PROVIDERS)).await;
}

#[tokio::test]
async fn imports_are_their_owner_s_alone() {
    check(rows(TRANSFER)).await;
}

#[tokio::test]
async fn conversations_are_their_owner_s_alone() {
    check(rows(CONVERSATIONS)).await;
}

#[tokio::test]
async fn models_are_asked_by_and_answer_the_owner_alone() {
    check(rows(ANSWERS)).await;
}

#[tokio::test]
async fn links_are_their_owner_s_alone() {
    check(rows(LINKS)).await;
}

#[tokio::test]
async fn an_open_link_is_open_to_everybody() {
    check(rows(SHARE)).await;
}

#[tokio::test]
async fn an_assistant_that_was_given_out_is_open_to_everybody() {
    check(rows(GUESTS)).await;
}

#[tokio::test]
async fn a_key_may_do_what_its_scopes_say_with_what_is_its_person_s() {
    keys::check(operations()).await;
}

#[tokio::test]
async fn what_is_gone_is_gone_for_programs_too() {
    keys::check_gone(operations()).await;
}

/// However a link ended, for whoever asks: the same bytes as for one that never was.
#[tokio::test]
async fn an_ended_link_is_gone_on_every_route_for_everybody() {
    states::check(rows(SHARE)).await;
}

/// The same of an assistant's.
#[tokio::test]
async fn an_ended_link_to_an_assistant_is_gone_on_every_route_for_everybody() {
    states::check(rows(GUESTS)).await;
}
