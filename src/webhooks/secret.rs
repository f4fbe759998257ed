//! The secret by which an endpoint knows that a request is ours, and the signature made with it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::clock::random_bytes;
use crate::error::Error;
use crate::providers::settings::Key;

const PREFIX: &str = "whsec_";

/// A new secret: 256 random bits in the form of Standard Webhooks.
pub fn mint() -> Key {
    Key::new(&format!("{PREFIX}{}", STANDARD.encode(random_bytes::<32>())))
}

/// Its first and last characters, to tell one from another.
pub fn hint(secret: &Key) -> String {
    let text = secret.expose();
    let last = text.len().saturating_sub(5);
    format!("{}…{}", text.get(..PREFIX.len() + 3).unwrap_or_default(), text.get(last..).unwrap_or_default())
}

/// The header `webhook-signature`: one signature for each secret that is valid now.
///
/// # Errors
/// [`Error::Internal`] for a secret that none of ours can be.
pub fn signatures(secrets: &[Key], id: &str, timestamp: i64, body: &str) -> Result<String, Error> {
    let all: Result<Vec<String>, Error> = secrets.iter().map(|secret| sign(secret, id, timestamp, body)).collect();
    Ok(all?.join(" "))
}

fn sign(secret: &Key, id: &str, timestamp: i64, body: &str) -> Result<String, Error> {
    let unusable = || Error::Internal("a webhook's secret is none".to_owned());
    let bytes = secret.expose().strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok()).ok_or_else(unusable)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&bytes).map_err(|_| unusable())?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the standard's reference libraries.
    #[test]
    fn a_signature_is_that_of_the_standard() {
        let secret = Key::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#).unwrap();
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let both = signatures(&[mint(), secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#).unwrap();
        assert!(both.ends_with(&format!(" {signed}")) && both.starts_with("v1,"), "{both}");
    }

    #[test]
    fn a_hint_tells_one_secret_from_another_and_opens_nothing() {
        let secret = mint();
        assert_eq!(secret.expose().len(), 6 + 44);
        assert_eq!(hint(&secret).chars().count(), 6 + 3 + 1 + 5);
        assert!(signatures(&[Key::new("whsec_…")], "id", 0, "").is_err());
    }
}
