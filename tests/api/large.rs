//! Bodies that are too much, at every operation: refused, never kept whole, and answered.

use reqwest::Method;

use crate::support::{Outside, Reply, Wire, operations};

const MUCH: usize = 100 << 20;

#[tokio::test]
async fn a_body_of_100_mb_is_refused_and_never_kept_whole() {
    let outside = Outside::start().await;
    let ada = outside.somebody("Ada").await;
    let document = outside.document().await;
    let headers = format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", ada.caller.key);
    let before = outside.program.memory();
    for (method, pattern, operation) in operations(&document) {
        if !operation["requestBody"].is_object() {
            continue;
        }
        let mut wire = Wire::open(outside.program.address).await;
        wire.send_much(&format!("{method} {}", ada.path(pattern)), &headers, MUCH).await;
        let (status, body) = wire.reply().await;
        // What takes files takes large ones, and this is no form.
        let is_form = operation["requestBody"]["content"]["multipart/form-data"].is_object();
        let (expected, kind) = if is_form { (400, "invalid_request_error") } else { (413, "request_too_large") };
        assert_eq!(status, expected, "{method} {pattern}: {body}");
        assert!(body.contains(kind), "{method} {pattern}: {body}");
    }
    let grown = outside.program.memory() - before;
    assert!(grown < MUCH, "{grown} bytes of memory");
}

#[tokio::test]
async fn what_is_nested_without_end_is_refused_and_the_server_lives_on() {
    let outside = Outside::start().await;
    let ada = outside.somebody("Ada").await;
    let document = outside.document().await;
    for (method, pattern, operation) in operations(&document) {
        let Some(schema) = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() else { continue };
        let properties = document.pointer(schema.trim_start_matches('#')).unwrap()["properties"].as_object().unwrap();
        for (field, (open, close)) in properties.keys().flat_map(|field| [("[", "]"), ("{\"a\":", "}")].map(|pair| (field, pair))) {
            let body = format!("{{\"{field}\": {}5{}}}", open.repeat(100_000), close.repeat(100_000));
            let request = ada.caller.request(method.parse::<Method>().unwrap(), &ada.path(pattern));
            let reply = Reply::of(request.header("content-type", "application/json").body(body)).await;
            assert_eq!((reply.refusal().0, reply.refusal().1.as_str()), (400, "invalid_request_error"), "{method} {pattern} {field}");
        }
    }
    assert!(outside.program.memory() > 0);
}
