//! Gone looks like never was.

use reqwest::Method;
use takeback::audit::Via;
use takeback::links::revoke;
use takeback::{ids, write_tx};

use crate::support::{Reply, TestApp};

#[tokio::test]
async fn every_cause_gives_the_same_bytes_on_every_surface_and_method() {
    // Each question comes from another address, so that the limit on misses stays out of it.
    let app = TestApp::start_with(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    let mut address = 0_u32;
    let (owner, other) = (app.owner().await, app.other().await);
    let deleted = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    revoke::delete(&app, &owner.user.id, &deleted.id, Via::Web).await.unwrap();
    let all_deleted = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    revoke::delete_all(&app, &owner.user.id, Via::Web).await.unwrap();
    let expired = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let disabled = app.share(&other.user, &app.small_talk(&other.user).await).await;
    let now = app.now();
    write_tx!(app.db, "test: close links", |tx| {
        sqlx::query("UPDATE links SET expires_at = $1 WHERE id = $2").bind(now - 1).bind(&expired.id).execute(&mut *tx).await?;
        sqlx::query("UPDATE users SET disabled_at = $1 WHERE id = $2").bind(now).bind(&other.user.id).execute(tx).await?;
        Ok(())
    })
    .unwrap();

    let never = ids::new("x");
    let tokens: Vec<String> =
        [&deleted.id, &all_deleted.id, &expired.id, &disabled.id, &never].iter().map(|id| ids::token_of(id).to_owned()).collect();
    let malformed = ["short", "0OIl0OIl0OIl0OIl0OIl0O", "%F0%9F%92%A9", "3bXk3bXk3bXk3bXk3bXk3b'"].map(str::to_owned);
    let visitor = app.anonymous();
    for surface in ["", "/markdown", "/files/x", "/continue", "/report"] {
        for method in [Method::GET, Method::HEAD] {
            let mut first: Option<(u16, Vec<u8>, Vec<(String, String)>)> = None;
            for token in tokens.iter().chain(&malformed) {
                address += 1;
                let from = std::net::Ipv4Addr::from(0x0A00_0000 + address).to_string();
                let request = visitor.request(method.clone(), &format!("/share/{token}{surface}")).header("x-forwarded-for", from);
                let answer = Reply::of(request).await;
                assert_eq!(answer.status, 404, "{token}{surface}");
                // All headers but the two that differ for every answer there is.
                let mut headers: Vec<_> = answer.headers.iter().map(|(name, value)| (name.to_string(), format!("{value:?}"))).collect();
                headers.retain(|(name, _)| name != "date" && name != "x-request-id");
                let answer = (answer.status, answer.bytes, headers);
                assert_eq!(first.get_or_insert(answer.clone()), &answer, "{method} /share/{token}{surface}");
            }
        }
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_and_holders_of_links_are_not() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let visitor = app.anonymous();
    let mut last = 404;
    for _ in 0..70 {
        let answer = visitor.get(&format!("/share/{}", ids::token_of(&ids::new("x")))).await;
        last = answer.status;
        if last == 429 {
            assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
            break;
        }
    }
    assert_eq!(last, 429);
    assert_eq!(visitor.get(&link.path()).await.status, 200);
}
