//! The scripted provider does what its scripts say: what other tests stand on.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde_json::json;
use takeback::providers::settings::Kind;

use crate::support::{Asked, Script, Step, TestApp, Tool, Upstream};

async fn ask(upstream: &Upstream, path: &str, said: &str) -> reqwest::Response {
    let body = json!({"model": "scripted", "messages": [{"role": "user", "content": said}]});
    reqwest::Client::new().post(format!("http://{}{path}", upstream.address())).json(&body).send().await.unwrap()
}

#[tokio::test]
async fn each_wire_format_says_the_same_in_its_own_way() {
    let upstream = Upstream::start().await;
    let all = vec![
        Step::Reasoning("Hm.".into()),
        Step::Text("Hello".into()),
        Step::ToolCall(Tool { name: "look", fragments: vec!["{\"at\":", "1}"] }),
        Step::Image("image/png", b"\x89PNG".to_vec()),
        Step::Wait(Duration::from_millis(1)),
        Step::Error("nothing".into()),
        Step::End("length", 3, 4),
    ];
    for (path, marks) in [
        ("/v1/chat/completions", ["\"reasoning_content\":\"Hm.\"", "data:image/png;base64,iVBORw==", "data: [DONE]"]),
        ("/v1/messages", ["thinking_delta", "\"partial_json\":\"1}\"", "message_stop"]),
        ("/v1beta/models/scripted:streamGenerateContent?alt=sse", ["\"thought\":true", "\"inlineData\"", "MAX_TOKENS"]),
        ("/api/chat", ["\"thinking\":\"Hm.\"", "\"arguments\":{\"at\":1}", "\"done\":true"]),
    ] {
        upstream.answer_next(Script::of(all.clone()));
        let body = ask(&upstream, path, "hello").await.text().await.unwrap();
        for mark in marks {
            assert!(body.contains(mark), "{path}: {mark} in {body}");
        }
    }
    assert_eq!(upstream.requests().len(), 4);
}

#[tokio::test]
async fn packets_are_as_small_as_the_script_says_and_a_test_holds_the_stream() {
    let upstream = Upstream::start().await;
    upstream.answer_next(Script::of(vec![Step::Text("Zürich".into())]).in_packets_of(1));
    let packets: Vec<_> = ask(&upstream, "/api/chat", "one byte").await.bytes_stream().collect().await;
    assert!(packets.len() > 40, "{} packets", packets.len());

    upstream.answer_next(Script::says("one two").hold_before(1));
    let mut stream = ask(&upstream, "/api/chat", "held").await.bytes_stream();
    assert!(String::from_utf8_lossy(&stream.next().await.unwrap().unwrap()).contains("one"));
    upstream.held(1).await;
    upstream.release();
    assert!(String::from_utf8_lossy(&stream.next().await.unwrap().unwrap()).contains("two"));
    upstream.finished(1).await;

    upstream.answer_next(Script::says("a b c").step_by_step().hold_head());
    upstream.release_all();
    assert!(ask(&upstream, "/api/chat", "steps").await.text().await.unwrap().contains("\"b "));
    upstream.answer_next(Script::says("a b").paced(Duration::from_millis(5)));
    let began = Instant::now();
    ask(&upstream, "/api/chat", "paced").await.text().await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(15));
}

#[tokio::test]
async fn connections_break_as_told_and_who_hangs_up_is_noticed() {
    let upstream = Upstream::start().await;
    upstream.answer_next(Script::says("one two").then_instead(1, vec![Step::Reset]));
    let broken = ask(&upstream, "/api/chat", "reset").await.text().await.unwrap_err();
    assert!(format!("{broken:?}").contains("reset"), "{broken:?}");

    upstream.answer_next(Script::says("one two").then_instead(1, vec![Step::Stall]));
    let mut stream = ask(&upstream, "/api/chat", "stall").await.bytes_stream();
    stream.next().await.unwrap().unwrap();
    let before = Instant::now();
    drop(stream);
    assert!(upstream.disconnected(1).await >= before);
}

#[tokio::test]
async fn scripts_find_their_requests_and_requests_are_remembered() {
    let upstream = Upstream::start().await;
    upstream.answer_always(Script::says("always"));
    upstream.answer_when("weather", Script::says("rain"));
    upstream.answer_next(Script::refuses(429, "slow down").header("retry-after", "7"));
    let text = async |said| ask(&upstream, "/api/chat", said).await.text().await.unwrap();
    assert!(text("the weather?").await.contains("rain"));
    assert!(text("something").await.contains("slow down"));
    assert!(text("the weather?").await.contains("always"));
    upstream.answer_next(Script::bytes(10_000));
    assert!(text("much").await.len() > 10_000);
    let asked: Vec<Asked> = upstream.asked(4).await;
    assert_eq!((asked[0].method.as_str(), asked[0].path.as_str()), ("POST", "/api/chat"));
    assert_eq!((asked[0].header("content-type"), asked[0].header("x-none")), ("application/json", ""));
    assert_eq!(asked[0].json["messages"][0]["content"], "the weather?");
    assert!(asked[0].at <= asked[3].at && asked[0].finished && asked[0].disconnected.is_none());
}

#[tokio::test]
async fn the_list_of_models_is_there_for_every_format() {
    let upstream = Upstream::start().await;
    upstream.set_models(&["alpha", "beta"]);
    for kind in Kind::ALL {
        let path = if kind == Kind::Ollama { "/api/tags" } else { "/models" };
        let list = reqwest::get(format!("{}{path}", upstream.base_url(kind))).await.unwrap().text().await.unwrap();
        assert!(list.contains("alpha") && list.contains("beta"), "{list}");
    }
    upstream.answer_list(Script::raw("text/html", "<h1>Not here</h1>"));
    assert_eq!(
        reqwest::get(format!("{}/models", upstream.base_url(Kind::OpenAi))).await.unwrap().text().await.unwrap(),
        "<h1>Not here</h1>"
    );
    assert_eq!(upstream.list_requests().len(), Kind::ALL.len() + 1);
    let app = TestApp::start_with(|config| upstream.connect(config, Kind::Compatible)).await;
    let settings = &app.config.providers[0];
    assert_eq!((settings.id.as_str(), settings.base_url.as_str()), ("upstream", upstream.base_url(Kind::Compatible).as_str()));
}
