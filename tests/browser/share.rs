//! Sharing by the dialog.

use crate::support::{Browser, TestApp};

/// Two clicks: Share, Copy link. Then the link is on the clipboard, and nothing behind it names the owner.
#[tokio::test(flavor = "multi_thread")]
async fn two_clicks_share_anonymously() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let Some(browser) = Browser::of(&app, &owner).await else { return };

    browser.goto(&format!("/c/{}", talk.id)).await;
    browser.press("Share").await;
    browser.press("Copy link").await;
    browser.sees("The link is live.").await;
    let url = browser.clipboard().await;
    assert!(url.starts_with(&format!("http://{}/share/", app.address)), "{url}");
    assert_eq!(browser.complaints().await, Vec::<String>::new());

    let visitor = app.anonymous();
    let path = url.strip_prefix(&format!("http://{}", app.address)).unwrap();
    for surface in ["", "/markdown", "/continue", "/report"] {
        let reply = visitor.get(&format!("{path}{surface}")).await;
        assert_eq!(reply.status, 200, "{surface}");
        let everything = format!("{:?} {}", reply.headers, reply.body).to_lowercase();
        for trace in ["quillfeather", "ada", &owner.user.id, &talk.id].into_iter().chain(talk.messages.iter().map(String::as_str)) {
            assert!(!everything.contains(&trace.to_lowercase()), "{surface} has {trace} in it");
        }
    }
    let Some(window) = Browser::open(&app).await else { return };
    window.goto(path).await;
    window.sees("Shared anonymously").await;
    window.sees("Two minutes at 75 °C.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_title_and_name_chosen_in_the_dialog_show_on_the_page() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let Some(browser) = Browser::of(&app, &owner).await else { return };

    browser.goto(&format!("/c/{}", talk.id)).await;
    browser.press("Share").await;
    browser.fill("dialog[open] input[name=title]", "How to steep <b>tea</b>").await;
    browser.click("dialog[open] [popovertarget=share-menu]").await;
    browser.click("#share-menu input[value=name]").await;
    browser.eval("document.querySelector('#share-menu').hidePopover()").await;
    browser.press("Copy link").await;
    browser.sees("The link is live.").await;
    let path = browser.clipboard().await.split_off(format!("http://{}", app.address).len());

    let Some(window) = Browser::open(&app).await else { return };
    window.goto(&path).await;
    window.sees("How to steep <b>tea</b>").await;
    window.sees("Shared by Ada Quillfeather").await;
    browser.goto(&format!("/c/{}", talk.id)).await;
    assert_eq!(browser.eval("document.querySelector('main h1').textContent").await, "Tea for two", "the conversation keeps its title");
}

#[tokio::test(flavor = "multi_thread")]
async fn later_messages_show_only_after_an_update() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    let (Some(browser), Some(window)) = (Browser::of(&app, &owner).await, Browser::open(&app).await) else { return };

    app.say(&mut talk, "user", "And black tea?").await;
    window.goto(&link.path()).await;
    window.sees("Two minutes at 75 °C.").await;
    assert!(!window.text().await.contains("And black tea?"));

    browser.goto(&format!("/c/{}", talk.id)).await;
    browser.press("Share").await;
    browser.sees("1 message behind").await;
    browser.press("Update to the latest messages").await;
    browser.sees("The link shows the latest messages").await;
    window.reload().await;
    window.sees("And black tea?").await;
    assert_eq!(window.path().await, link.path());
}

/// The password is typed in the dialog, and on the other side before anything shows.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_given_in_the_dialog_is_asked_for_on_the_page() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let (Some(browser), Some(window)) = (Browser::of(&app, &owner).await, Browser::open(&app).await) else { return };

    browser.goto(&format!("/c/{}", talk.id)).await;
    browser.press("Share").await;
    browser.click("dialog[open] .rules summary").await;
    browser.fill("dialog[open] input[name=password]", "quartz sphinx of black vow").await;
    browser.fill("dialog[open] input[name=max_views]", "2").await;
    browser.press("Copy link").await;
    browser.sees("The link is live and asks for its password.").await;
    browser.sees("asks for a password, opens 2 times").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    let path = browser.clipboard().await.split_off(format!("http://{}", app.address).len());

    window.goto(&path).await;
    window.sees("Somebody shared a conversation").await;
    assert!(!window.text().await.contains("Tea for two"));
    window.fill("input[name=password]", "another long phrase").await;
    window.press("Open it").await;
    window.sees("That is another password").await;
    window.fill("input[name=password]", "quartz sphinx of black vow").await;
    window.press("Open it").await;
    window.sees("Two minutes at 75 °C.").await;
    assert_eq!(window.path().await, path);
    window.reload().await;
    window.sees("Two minutes at 75 °C.").await;
}
