//! Providers that fail, in every way and of every kind: words of ours, and nothing of theirs.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use takeback::providers::address::Reach;
use takeback::providers::provider::{Failure, Provider};
use takeback::providers::remote::Remote;
use takeback::providers::resolver::System;
use takeback::providers::settings::{Kind, ProviderSettings};

use super::{all, question, remote, told};
use crate::support::{Port, Script, Step, Upstream};

/// In everything that a provider says, so that it can be looked for.
const CANARY: &str = "sk-zanzibar at https://quokka.example <b>";

fn assert_ours(words: &str, expected: &str) {
    assert!(words.contains(expected), "{expected:?} in {words:?}");
    for theirs in ["zanzibar", "quokka", "127.0.0.1", "http", "sk-", "<b>"] {
        assert!(!words.contains(theirs), "{theirs} in {words}");
    }
}

async fn failure(provider: &dyn Provider) -> Failure {
    all(provider, question("Hello")).await.pop().unwrap().unwrap_err()
}

#[tokio::test]
async fn a_refusal_is_told_in_plain_words_with_when_to_come_back() {
    let upstream = Upstream::start().await;
    for kind in Kind::ALL {
        for (status, words) in [
            (401, "didn’t accept this server’s key"),
            (402, "no credit left"),
            (403, "doesn’t allow"),
            (404, "doesn’t have this model"),
            (400, "didn’t accept the question"),
            (429, "too often"),
            (500, "has a fault"),
            (503, "has a fault"),
            (529, "has a fault"),
            (302, "leads elsewhere"),
        ] {
            upstream.answer_next(Script::refuses(status, CANARY).header("retry-after", "7").header("location", "http://127.0.0.1:1/"));
            let failure = failure(&remote(&upstream, kind)).await;
            assert_ours(&failure.words, words);
            assert_eq!(failure.retry_after_secs, (status == 429).then_some(7), "{kind:?} {status}");
        }
        upstream.answer_next(Script::refuses(400, &format!("maximum context length is 8 tokens {CANARY}")));
        assert_ours(&failure(&remote(&upstream, kind)).await.words, "longer than this model can read");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_keeps_its_beginning_and_says_so() {
    let upstream = Upstream::start().await;
    for kind in Kind::ALL {
        for (steps, words) in [
            (vec![Step::Reset], "broke off"),
            // The connection ends in good order, but the answer doesn't.
            (vec![], "broke off"),
            (vec![Step::Error(CANARY.to_owned())], "fault or too much to do"),
            (vec![Step::Raw(b"data: {\"nonsense\n\n{nonsense\n".to_vec())], "broke off"),
            (vec![Step::Raw(b"data: \xff\xfe\n\n".to_vec())], "broke off"),
        ] {
            upstream.answer_next(Script::says("The beginning of it").then_instead(2, steps.clone()));
            let (text, problem) = told(&remote(&upstream, kind), "Hello").await;
            assert_eq!(text, "The beginning ", "{kind:?} {steps:?}");
            assert_ours(&problem, words);
        }
    }
}

#[tokio::test]
async fn what_is_no_answer_is_never_an_empty_one() {
    let upstream = Upstream::start().await;
    for kind in Kind::ALL {
        for (script, words) in [
            (Script::raw("text/html", &format!("<html>{CANARY}</html>")), "isn’t an answer"),
            (Script::raw("application/json", &format!("{{\"surprise\": \"{CANARY}\"}}")), "isn’t an answer"),
            (Script::raw("application/json", ""), "isn’t an answer"),
            (Script::of(vec![Step::End("stop", 1, 0)]), "empty answer"),
            (Script::of(vec![]), "isn’t an answer"),
        ] {
            upstream.answer_next(script.clone());
            let failure = failure(&remote(&upstream, kind)).await;
            assert_ours(&failure.words, words);
        }
    }
}

#[tokio::test]
async fn silence_is_waited_through_for_a_while_and_no_longer() {
    // All at once, each with an upstream of its own: long enough for a busy machine to say the first words.
    let patience = Duration::from_secs(4);
    let impatient = |upstream: &Upstream, kind| Remote::new(upstream.settings("Lab", kind), Reach::Private, Arc::new(System), patience);
    let in_the_middle = Kind::ALL.map(async |kind| {
        let upstream = Upstream::start().await;
        upstream.answer_next(Script::says("The beginning of it").then_instead(2, vec![Step::Stall]));
        let (text, problem) = told(&impatient(&upstream, kind), "Hello").await;
        assert_eq!(text, "The beginning ");
        assert_ours(&problem, "too long");
    });
    let from_the_start = Kind::ALL.map(async |kind| {
        let upstream = Upstream::start().await;
        upstream.answer_next(Script::says("never").hold_head());
        assert_ours(&failure(&impatient(&upstream, kind)).await.words, "too long");
    });
    tokio::join!(join_all(in_the_middle), join_all(from_the_start));
}

#[tokio::test]
async fn a_server_that_can_not_be_reached_is_told_apart_from_one_that_does_not_exist() {
    let closed = Port::take();
    let upstream = Upstream::start().await;
    for (url, words) in [
        (format!("http://{}", closed.address()), "nobody answers there"),
        ("http://does-not-exist.invalid".to_owned(), "address isn’t found"),
        // It speaks no TLS.
        (format!("https://{}", upstream.address()), "Lab"),
    ] {
        for kind in Kind::ALL {
            let settings = ProviderSettings::new("Lab", kind, &url, Some("sk-zanzibar"));
            let provider = Remote::new(settings, Reach::Private, Arc::new(System), Duration::from_secs(5));
            assert_ours(&failure(&provider).await.words, words);
            assert_ours(&provider.models().await.unwrap_err().words, words);
        }
    }
}
