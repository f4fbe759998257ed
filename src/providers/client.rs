//! The HTTP client of one provider, or of webhooks: no redirects, no proxy of the system's, no address that is refused.

use std::time::Duration;

use reqwest::redirect::Policy;

use super::resolver::Checked;
use super::tls;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// Makes it. Reads the machine's certificates if `url` wants TLS.
///
/// # Errors
/// When the machine has no certificates to trust.
pub(crate) fn build(url: &reqwest::Url, resolver: Checked) -> reqwest::Result<reqwest::Client> {
    tls::install();
    let builder = reqwest::Client::builder()
        .dns_resolver(resolver)
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .user_agent(concat!("takeback/", env!("CARGO_PKG_VERSION")));
    match tls::trusting_nobody().filter(|_| url.scheme() == "http") {
        Some(nobody) => builder.tls_backend_preconfigured(nobody).build(),
        None => builder.build(),
    }
}
