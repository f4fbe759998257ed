//! Answers of every kind of provider, over its true wire format.

use std::time::Duration;

use futures_util::StreamExt;
use takeback::providers::provider::{EndReason, Image, Piece, Provider, Question, Turn, Usage};
use takeback::providers::settings::Kind;

use super::{all, question, remote, told};
use crate::support::{Script, Step, Stopwatch, Tool, Upstream};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n not much of a picture";

#[tokio::test]
async fn text_reasoning_usage_and_the_end_arrive_from_every_kind() {
    let upstream = Upstream::start().await;
    for kind in Kind::ALL {
        let steps = vec![
            Step::Reasoning("Let me ".into()),
            Step::Reasoning("think.".into()),
            Step::Text("Grüezi ".into()),
            Step::Text("🌍 you.".into()),
            Step::End("stop", 11, 7),
        ];
        upstream.answer_next(Script::of(steps));
        let pieces: Vec<Piece> = all(&remote(&upstream, kind), question("Hello")).await.into_iter().map(Result::unwrap).collect();
        let end = Piece::End { reason: EndReason::Complete, usage: Some(Usage { input_tokens: 11, output_tokens: 7 }) };
        let expected = [
            Piece::Reasoning("Let me ".into()),
            Piece::Reasoning("think.".into()),
            Piece::Text("Grüezi ".into()),
            Piece::Text("🌍 you.".into()),
            end,
        ];
        assert_eq!(pieces, expected, "{kind:?}");
    }
}

#[tokio::test]
async fn an_answer_in_packets_of_one_byte_is_the_same() {
    let upstream = Upstream::start().await;
    for kind in Kind::ALL {
        for size in [1, 2, 3, 7] {
            upstream.answer_next(Script::says("Zürich 🏔️ 東京 ende").in_packets_of(size));
            let expected = ("Zürich 🏔️ 東京 ende".to_owned(), String::new());
            assert_eq!(told(&remote(&upstream, kind), "Hello").await, expected, "{kind:?} {size}");
        }
    }
}

#[tokio::test]
async fn why_an_answer_ended_is_said() {
    let upstream = Upstream::start().await;
    for kind in Kind::ALL {
        for (word, reason) in [("length", EndReason::Length), ("filtered", EndReason::Filtered)] {
            // Ollama filters nothing.
            if kind == Kind::Ollama && word == "filtered" {
                continue;
            }
            upstream.answer_next(Script::of(vec![Step::Text("Half".into()), Step::End(word, 1, 2)]));
            let pieces = all(&remote(&upstream, kind), question("Hello")).await;
            let Some(Ok(Piece::End { reason: said, .. })) = pieces.last() else { panic!("{kind:?}: {pieces:?}") };
            assert_eq!(*said, reason, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_tool_call_in_fragments_is_put_together() {
    let upstream = Upstream::start().await;
    for kind in Kind::ALL {
        let tool = |name| Step::ToolCall(Tool { name, fragments: vec!["{\"city\":", "\"Ber", "lin\"}"] });
        upstream.answer_next(Script::of(vec![Step::Text("I look.".into()), tool("weather"), Step::End("tool_calls", 1, 2)]));
        let pieces = all(&remote(&upstream, kind), question("Hello")).await;
        let call = Piece::ToolCall { name: "weather".into(), arguments: r#"{"city":"Berlin"}"#.into() };
        assert!(pieces.contains(&Ok(call)), "{kind:?}: {pieces:?}");
    }
}

#[tokio::test]
async fn a_picture_in_an_answer_arrives_before_the_answer_goes_on() {
    let upstream = Upstream::start().await;
    for kind in [Kind::Compatible, Kind::OpenAi, Kind::Gemini] {
        let steps = vec![Step::Text("Look:".into()), Step::Image("image/png", PNG.to_vec()), Step::Hold, Step::End("stop", 1, 2)];
        upstream.answer_next(Script::of(steps));
        let mut answer = remote(&upstream, kind).answer(question("Draw"));
        assert_eq!(answer.next().await.unwrap().unwrap(), Piece::Text("Look:".into()));
        let image = Image { media_type: "image/png".into(), bytes: PNG.into() };
        assert_eq!(answer.next().await.unwrap().unwrap(), Piece::Image(image), "{kind:?}");
        upstream.release();
        assert!(matches!(answer.next().await, Some(Ok(Piece::End { .. }))));
    }
}

#[tokio::test]
async fn reasoning_that_a_server_sends_as_text_is_told_apart() {
    let upstream = Upstream::start().await;
    upstream.answer_next(Script::says("<think>Well, hm.</think>\n\nYes.").in_packets_of(1));
    let pieces = all(&remote(&upstream, Kind::Compatible), question("Hello")).await;
    let reasoning: String =
        pieces.iter().filter_map(|p| if let Ok(Piece::Reasoning(text)) = p { Some(text.as_str()) } else { None }).collect();
    assert_eq!(reasoning, "Well, hm.");
    upstream.answer_next(Script::says("<think>Well, hm.</think>\n\nYes."));
    assert_eq!(told(&remote(&upstream, Kind::Ollama), "Hello").await.0, "Yes.");
}

#[tokio::test]
async fn what_is_sent_is_what_each_kind_expects() {
    let upstream = Upstream::start().await;
    let turn = |by_model, text: &str| Turn { by_model, text: text.to_owned(), images: Vec::new() };
    let picture = Image { media_type: "image/png".into(), bytes: PNG.into() };
    let asked = Question {
        model: "org/name::v2-max".into(),
        instructions: "Be brief.".into(),
        turns: vec![
            turn(true, "cut off before"),
            turn(false, "One"),
            turn(false, "Two"),
            turn(true, "Three"),
            turn(true, ""),
            Turn { images: vec![picture], ..turn(false, "What is this?") },
        ],
        ..Question::default()
    };
    for (number, kind) in Kind::ALL.into_iter().enumerate() {
        let mut asked = asked.clone();
        if kind == Kind::Gemini {
            asked.model = "gemini-2.5-flash".into();
        }
        all(&remote(&upstream, kind), asked).await;
        let request = upstream.asked(number + 1).await.pop().unwrap();
        let (body, text) = (&request.json, request.json.to_string());
        for words in ["Be brief.", "One\\n\\nTwo", "Three", "What is this?", "iVBORw0KGgo"] {
            assert!(text.contains(words), "{kind:?}: {words} in {text}");
        }
        assert!(!text.contains("cut off before") && !text.contains("effort"), "{kind:?}: {text}");
        match kind {
            Kind::Gemini => assert_eq!(body["generationConfig"]["thinkingConfig"]["includeThoughts"], true),
            _ => assert_eq!(body["model"], "org/name::v2-max", "{kind:?}"),
        }
        let (header, value) = match kind {
            Kind::Anthropic => ("x-api-key", "sk-test-upstream"),
            Kind::Gemini => ("x-goog-api-key", "sk-test-upstream"),
            _ => ("authorization", "Bearer sk-test-upstream"),
        };
        assert_eq!(request.header(header), value, "{kind:?}");
        assert!(!request.path.contains("sk-test"), "{kind:?}");
        if kind == Kind::Anthropic {
            assert_eq!(body["max_tokens"], 16_384);
        }
    }
    let mut keyless = upstream.settings("Lab", Kind::Compatible);
    keyless.key = None;
    let keyless = takeback::providers::remote::Remote::new(
        keyless,
        takeback::providers::address::Reach::Private,
        std::sync::Arc::new(takeback::providers::resolver::System),
        Duration::from_secs(10),
    );
    all(&keyless, question("Hello")).await;
    assert_eq!(upstream.requests().last().unwrap().header("authorization"), "");
}

#[tokio::test]
async fn dropping_an_answer_ends_the_request_at_the_provider_within_a_second() {
    let upstream = Upstream::start().await;
    for (number, kind) in Kind::ALL.into_iter().enumerate() {
        upstream.answer_next(Script::says("one two").then_instead(1, vec![Step::Stall]));
        let mut answer = remote(&upstream, kind).answer(question("Hello"));
        assert_eq!(answer.next().await.unwrap().unwrap(), Piece::Text("one ".into()));
        let dropped = Stopwatch::start();
        drop(answer);
        upstream.disconnected(number).await;
        dropped.assert_within(Duration::from_secs(1));
    }
    // And before the head of the answer came.
    upstream.answer_next(Script::says("never").hold_head());
    let mut answer = remote(&upstream, Kind::OpenAi).answer(question("Hello"));
    tokio::select! {
        _ = answer.next() => unreachable!("held"),
        () = upstream.held(1) => (),
    }
    drop(answer);
    upstream.disconnected(Kind::ALL.len()).await;
}

#[tokio::test]
async fn ten_megabytes_of_tokens_arrive_whole() {
    let upstream = Upstream::start().await;
    for kind in Kind::ALL {
        upstream.answer_next(Script::bytes(10_000_000));
        let (text, problem) = told(&remote(&upstream, kind), "Much").await;
        assert_eq!((text.len(), problem.as_str()), (10_000_000, ""), "{kind:?}");
    }
}

#[tokio::test]
async fn a_server_that_leaves_out_the_last_line_is_understood() {
    let upstream = Upstream::start().await;
    let body = concat!(
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}\n\n",
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n",
    );
    upstream.answer_next(Script::raw("text/event-stream", body));
    let pieces = all(&remote(&upstream, Kind::Compatible), question("Hello")).await;
    assert_eq!(pieces.last().unwrap(), &Ok(Piece::End { reason: EndReason::Length, usage: None }));
}
