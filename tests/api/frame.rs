//! What every answer under `/v1` has in common, good and bad.

use reqwest::Method;
use serde_json::json;

use crate::support::{Caller, Reply, TestApp};

async fn app_and_program() -> (TestApp, Caller) {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    (app, program)
}

#[tokio::test]
async fn a_session_s_cookie_is_nothing_here_and_no_answer_sets_one() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let reply = owner.get("/v1/shared_links").await;
    assert_eq!(reply.refusal(), (401, "authentication_error".to_owned(), None));
    assert_eq!((reply.header("www-authenticate"), reply.header("set-cookie")), ("Bearer", ""));
    // A month later the same cookie would be renewed by a page.
    app.advance(std::time::Duration::from_secs(86_400));
    let key = app.key_of(&owner.user, &[]).await;
    let both = Reply::of(owner.request(Method::GET, "/v1/shared_links").bearer_auth(&key)).await;
    assert_eq!((both.status, both.header("set-cookie")), (200, ""));
}

#[tokio::test]
async fn a_key_that_isn_t_valid_is_told_so_in_the_same_words_whatever_is_wrong_with_it() {
    let (app, program) = app_and_program().await;
    let made_up = takeback::api_keys::key::mint();
    let mut told = Vec::new();
    for header in ["Bearer ", "Bearer tb-x", &format!("Bearer {made_up}"), &format!("Bearer {}x", program.key), "Bearer é"] {
        let request = app.program("").request(Method::GET, "/v1/shared_links");
        let reply = Reply::of(request.header("authorization", header.as_bytes())).await;
        assert_eq!(reply.refusal(), (401, "authentication_error".to_owned(), None), "{header}");
        assert_eq!(reply.json()["error"]["code"], "invalid_api_key");
        told.push(reply.body);
    }
    told.retain(|words| !words.contains("No API key came along"));
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    for header in ["Basic dGI6eA==", &program.key] {
        let request = app.program("").request(Method::GET, "/v1/shared_links");
        assert!(Reply::of(request.header("authorization", header)).await.body.contains("No API key came along"));
    }
    // Written as a person writes it.
    let request = app.program("").request(Method::GET, "/v1/shared_links");
    assert_eq!(Reply::of(request.header("authorization", format!("bearer  {} ", program.key))).await.status, 200);
}

#[tokio::test]
async fn what_is_not_there_and_what_can_t_be_done_is_json_too() {
    let (app, program) = app_and_program().await;
    for path in ["/v1", "/v1/", "/v1/telepathy", "/v1/shared_links/", "/v1/shared_links/x/y", "/v1/../v1/none"] {
        for program in [&program, &app.program("")] {
            assert_eq!(program.get(path).await.refusal(), (404, "not_found_error".to_owned(), None), "{path}");
        }
    }
    for (method, path) in [(Method::PUT, "/v1/shared_links"), (Method::PATCH, "/v1/shared_links/x"), (Method::OPTIONS, "/v1/shared_links")]
    {
        let reply = Reply::of(program.request(method.clone(), path)).await;
        assert_eq!(reply.refusal(), (405, "invalid_request_error".to_owned(), None), "{method} {path}");
        assert!(reply.header("allow").contains("GET"), "{method} {path}: {:?}", reply.headers);
        assert_eq!(reply.header("access-control-allow-origin"), "", "no other site's script reads anything here");
    }
    // Pages have a face of their own.
    let page = Reply::of(app.anonymous().request(Method::DELETE, "/signin")).await;
    assert_eq!((page.status, page.header("content-type")), (405, "text/html; charset=utf-8"));
}

#[tokio::test]
async fn where_a_request_comes_from_is_nothing_where_only_a_key_counts() {
    let (_app, program) = app_and_program().await;
    let request = program.request(Method::DELETE, "/v1/shared_links?all=true");
    let reply = Reply::of(request.header("origin", "https://elsewhere.example").header("sec-fetch-site", "cross-site")).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, ""));
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_is_kept_by_nobody() {
    let (app, program) = app_and_program().await;
    let replies = [program.get("/v1/shared_links").await, program.get("/v1/none").await, app.program("").get("/v1/shared_links").await];
    for reply in replies {
        assert!(reply.header("x-request-id").starts_with("req_"));
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn a_body_that_can_t_be_read_is_named_by_its_place() {
    let (app, program) = app_and_program().await;
    let before = app.rows().await;
    let invalid = |param: Option<&str>| (400, "invalid_request_error".to_owned(), param.map(str::to_owned));
    let send = async |body: String| {
        let request = program.request(Method::POST, "/v1/shared_links").header("content-type", "application/json");
        Reply::of(request.body(body)).await
    };
    let deep = format!("{{\"messages\": {}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    for body in ["", "{", "null x", "\"text", "{\"title\": \"\u{1}\"}", &deep] {
        assert_eq!(send(body.to_owned()).await.refusal(), invalid(None), "{}", &body[..body.len().min(40)]);
    }
    for (body, param) in [
        (json!({}), "target"),
        (json!({"messages": [], "target": {"type": "conversation", "id": "x"}}), "messages"),
        (json!({"messages": []}), "messages"),
        (json!({"messages": {}}), "messages"),
        (json!({"messages": [5]}), "messages[0]"),
        (json!({"messages": [{"role": "user", "content": "x"}, {"role": "queen"}]}), "messages[1].role"),
        (json!({"messages": [{"role": "user", "content": 5}]}), "messages[0].content"),
        (json!({"messages": [{"role": "user", "content": [5]}]}), "messages[0].content[0]"),
        (json!({"messages": [{"role": "system", "content": "nobody sees it"}]}), "messages"),
        (json!({"messages": [{"role": "user", "content": "x"}], "up_to_message_id": "msg_x"}), "up_to_message_id"),
        (json!({"messages": [{"role": "user", "content": "x"}], "titel": "x"}), "titel"),
        (json!({"messages": [{"role": "user", "content": "x"}], "title": 5}), "title"),
        (json!({"messages": [{"role": "user", "content": "x"}], "title": " \u{0} "}), "title"),
        (json!({"messages": [{"role": "user", "content": "x"}], "title": "x".repeat(201)}), "title"),
        (json!({"messages": [{"role": "user", "content": "x"}], "author": "me"}), "author"),
        (json!({"target": null}), "target"),
        (json!({"target": "conv_x"}), "target"),
        (json!({"target": {"type": "conversation"}}), "target.id"),
        (json!({"target": {"id": "conv_x"}}), "target.type"),
        (json!({"target": {"type": "conversation", "id": 5}}), "target.id"),
        (json!({"target": {"type": "conversation", "id": "x", "more": 1}}), "target.more"),
        (json!({"target": {"type": "workspace", "id": "asst_x"}}), "target.type"),
        (json!({"messages": [{"role": "user", "content": "x"}], "access": "workspace"}), "access"),
        (json!({"messages": [{"role": "user", "content": "x"}], "expires_at": "tomorrow"}), "expires_at"),
        (json!({"messages": [{"role": "user", "content": "x"}], "max_views": 0}), "max_views"),
        (json!({"messages": [{"role": "user", "content": "x"}], "max_views": 1_000_001}), "max_views"),
        (json!({"messages": [{"role": "user", "content": "x"}], "max_views": "3"}), "max_views"),
        (json!({"messages": [{"role": "user", "content": "x"}], "password": "secret"}), "password"),
        (json!({"messages": [{"role": "user", "content": "x"}], "allow_continue": null}), "allow_continue"),
    ] {
        assert_eq!(send(body.to_string()).await.refusal(), invalid(Some(param)), "{body}");
    }
    // An array or a scalar in the body's place: serde reads a struct from a list too, but the place is no field.
    for body in ["[]", "5", "\"x\"", "null"] {
        assert_eq!(send(body.to_owned()).await.status, 400, "{body}");
    }
    let form = Reply::of(
        program.request(Method::POST, "/v1/shared_links").header("content-type", "application/x-www-form-urlencoded").body("title=x"),
    )
    .await;
    assert_eq!(form.refusal(), invalid(None));
    assert!(form.body.contains("Content-Type: application/json"));
    for id in ["conv_\u{0}", "", "conv_none", "../../etc/passwd", "é"] {
        let reply = program.post("/v1/shared_links", &json!({"target": {"type": "conversation", "id": id}})).await;
        assert_eq!(reply.refusal(), (404, "not_found_error".to_owned(), None), "{id:?}");
    }
    assert_eq!(app.rows().await, before, "nothing was made");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_all_there() {
    let (app, program) = app_and_program().await;
    let long = "x".repeat(40 << 20);
    let reply = program.post("/v1/shared_links", &json!({"messages": [{"role": "user", "content": long}]})).await;
    assert_eq!(reply.refusal(), (413, "request_too_large".to_owned(), None));
    let reply = program.post("/v1/shared_links/x", &json!({"title": "x".repeat(2 << 20)})).await;
    assert_eq!(reply.refusal(), (413, "request_too_large".to_owned(), None));
    let many: Vec<_> = (0..5_001).map(|_| json!({"role": "user", "content": "x"})).collect();
    let reply = program.post("/v1/shared_links", &json!({"messages": many})).await;
    assert_eq!(reply.refusal(), (413, "request_too_large".to_owned(), None));
    assert!(!app.rows().await.iter().any(|row| row.starts_with("conversations")));
}

#[tokio::test]
async fn a_query_that_can_t_be_read_is_named_too() {
    let (_app, program) = app_and_program().await;
    for (query, param) in [
        ("limit=0", Some("limit")),
        ("limit=101", Some("limit")),
        ("limit=-1", Some("limit")),
        ("limit=2.5", Some("limit")),
        ("limit=99999999999999999999", Some("limit")),
        ("limit=", Some("limit")),
        ("limit=5&limit=6", Some("limit")),
        ("order=up", Some("order")),
        ("after=x", Some("after")),
        ("before=link_none", Some("before")),
        ("after=", Some("after")),
        ("after=x&before=y", Some("before")),
        ("target_type=dream", Some("target_type")),
        ("access=nobody", Some("access")),
        ("stale_days=x", Some("stale_days")),
        ("stale_days=36501", Some("stale_days")),
        ("page=2", Some("page")),
        ("q=%00", None),
    ] {
        let reply = program.get(&format!("/v1/shared_links?{query}")).await;
        let expected = (400, "invalid_request_error".to_owned(), param.map(str::to_owned));
        assert_eq!(reply.refusal(), expected, "{query}: {}", reply.body);
    }
    for (method, path, param) in [
        (Method::DELETE, "/v1/shared_links", "all"),
        (Method::DELETE, "/v1/shared_links?all=false", "all"),
        (Method::DELETE, "/v1/shared_links?all=1", "all"),
        (Method::DELETE, "/v1/shared_links?all=true&limit=1", "limit"),
        (Method::DELETE, "/v1/shared_links/x?all=true", "all"),
        (Method::GET, "/v1/shared_links/x?expand=y", "expand"),
    ] {
        let reply = Reply::of(program.request(method.clone(), path)).await;
        assert_eq!(reply.refusal(), (400, "invalid_request_error".to_owned(), Some(param.to_owned())), "{method} {path}");
    }
}
