//! What happens sooner or later.

/// Waits for a condition; how long it may take says only when to give up.
pub(crate) async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let began = std::time::Instant::now();
    while !is_so().await {
        assert!(began.elapsed().as_secs() < 120, "{what}: waited for in vain");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
