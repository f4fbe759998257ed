//! Every window gets all of an answer, once, however it comes and goes.

use std::time::Duration;

use super::Scene;
use crate::support::{Drawn, Random, Script, Step};

/// Numbered paragraphs, with code, a list and reasoning between them.
fn numbered(count: usize) -> Vec<Step> {
    let mut steps = vec![Step::Reasoning("First R0.\n\n".to_owned()), Step::Reasoning("Then R1.\n\n".to_owned())];
    for number in 0..count {
        let text = match number % 4 {
            0 => format!("Paragraph N{number}. with *emphasis*\n\n"),
            1 => format!("```rust\nlet n = \"N{number}.\";\n"),
            2 => format!("let m = \"N{number}.\";\n```\n\n"),
            _ => format!("- item N{number}.\n"),
        };
        // In several pieces each.
        let middle = text.len() / 2;
        steps.push(Step::Text(text[..middle].to_owned()));
        steps.push(Step::Text(text[middle..].to_owned()));
    }
    steps.push(Step::End("stop", 11, 7));
    steps
}

/// Each number once and in order.
#[track_caller]
fn assert_whole(html: &str, count: usize) {
    let found: Vec<usize> = html.match_indices('N').filter_map(|(at, _)| html[at + 1..].split_once('.')?.0.parse().ok()).collect();
    assert_eq!(found, (0..count).collect::<Vec<_>>(), "{html}");
}

#[tokio::test]
async fn windows_that_are_cut_at_any_moment_lack_nothing_and_get_nothing_twice() {
    const COUNT: usize = 80;
    let scene = Scene::new().await;
    for seed in 0..6 {
        let steps = numbered(COUNT);
        let all = steps.len();
        let id = scene.begin(Script::of(steps).step_by_step()).await;
        let mut drawn = scene.page(&id).await;
        let mut line = scene.listen(&id, &drawn).await;
        let mut random = Random::new(seed);
        let mut released = 0;
        while released < all - 1 {
            for _ in 0..=random.below(5).min(all - 2 - released) {
                scene.upstream.release();
                released += 1;
            }
            match random.below(4) {
                // As the browser itself does it.
                0 => {
                    let path = format!("/c/{id}/events?have={}.0.0&last={}", drawn.message, drawn.message);
                    let last = if drawn.have.is_empty() { format!("{}.0.0", drawn.message) } else { drawn.have.clone() };
                    line = scene.owner.listen(&path, &last).await;
                }
                // As the page does it when it is shown again.
                1 => line = scene.listen(&id, &drawn).await,
                // Reload.
                2 => {
                    drawn = scene.page(&id).await;
                    line = scene.listen(&id, &drawn).await;
                }
                _ => (),
            }
            // It may stay far behind.
            for _ in 0..random.below(3) {
                if let Ok(Some(told)) = tokio::time::timeout(Duration::from_millis(20), line.next()).await {
                    drawn.draw(&told);
                }
            }
        }
        let last = format!("N{}.", COUNT - 1);
        drawn.until(&mut line, |drawn| drawn.text().contains(&last)).await;
        assert_whole(&drawn.text(), COUNT);
        assert_eq!((drawn.reasoning().matches("R0.").count(), drawn.reasoning().matches("R1.").count()), (1, 1));
        scene.upstream.release();
        drawn.until(&mut line, |drawn| drawn.ended.is_some()).await;
        assert_whole(&drawn.ended.unwrap(), COUNT);
        let page = scene.owner.get(&format!("/c/{id}")).await.body;
        assert!(!page.contains("data-running") && page.contains(&last));
    }
}

#[tokio::test]
async fn another_window_gets_what_is_said_in_the_first() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Green.")).await;
    let first = scene.app.answered(&id).await.message_id;
    let mut other = scene.owner.listen(&format!("/c/{id}/events?last={first}"), "").await;
    scene.upstream.answer_next(Script::says("Black or white.").hold_before(1));
    let reply = scene.owner.say(&format!("/c/{id}/messages"), "And which <b>else</b>?", "", &[]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let told = other.find("said").await;
    assert_eq!(told.data["before"], *first);
    let html = told.data["html"].as_str().unwrap();
    assert!(html.contains("&lt;b&gt;else") || html.contains("&#60;b&#62;else"), "{html}");
    let mut drawn = Drawn::default();
    drawn.draw(&told);
    drawn.until(&mut other, |drawn| drawn.text().contains("Black")).await;
    scene.upstream.release();
    drawn.until(&mut other, |drawn| drawn.ended.is_some()).await;
    assert!(drawn.ended.unwrap().contains("Black or white."));
}

#[tokio::test]
async fn a_window_that_comes_back_after_the_end_gets_the_end() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Green or black.").hold_before(1)).await;
    let drawn = scene.page(&id).await;
    scene.upstream.release();
    scene.app.answered(&id).await;
    let mut line = scene.listen(&id, &drawn).await;
    let told = line.find("end").await;
    assert!(told.data["html"].as_str().unwrap().contains("Green or black."));
    // And one whose branch goes on elsewhere is told that.
    scene.owner.say(&format!("/c/{id}/messages"), "And?", "", &[]).await;
    scene.app.answered(&id).await;
    let mut line = scene.owner.listen(&format!("/c/{id}/events?last={}", drawn.message), "").await;
    line.find("stale").await;
}

#[tokio::test]
async fn nobody_s_business_is_in_nobody_else_s_line() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Secret tea.")).await;
    let foreign = scene.app.answered(&id).await.message_id;
    let other = scene.app.other().await;
    scene.upstream.answer_next(Script::says("My own.").hold_before(1));
    let mine = other.begin_chat("Mine").await;
    let mut line = other.listen(&format!("/c/{mine}/events?have={foreign}.0.0&last={foreign}"), "").await;
    scene.upstream.release();
    let mut all = String::new();
    while !all.contains("My own.") {
        all.push_str(&line.next().await.unwrap().data.to_string());
    }
    assert!(!all.contains("Secret") && !all.contains(&foreign), "{all}");
}

#[tokio::test]
async fn a_reader_that_reads_nothing_holds_up_nobody_and_gets_all_in_the_end() {
    let scene = Scene::new().await;
    let mut steps: Vec<Step> = (0..4_000).map(|n| Step::Text(format!("Paragraph N{n}. {}\n\n", "word ".repeat(40)))).collect();
    steps.push(Step::End("stop", 11, 7));
    let id = scene.begin(Script::of(steps).hold_before(0)).await;
    let mut drawn = scene.page(&id).await;
    let mut slow = scene.listen(&id, &drawn).await;
    scene.upstream.release();
    assert_eq!(scene.app.answered(&id).await.state, "done");
    drawn.until(&mut slow, |drawn| drawn.ended.is_some()).await;
    assert_whole(&drawn.ended.unwrap(), 4_000);
}
