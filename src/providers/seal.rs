//! Keys at rest: sealed with a secret that is not in the database, so that neither a copy of the database nor a
//! backup of it opens them.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use super::settings::Key;
use crate::clock::random_bytes;
use crate::config::Config;
use crate::error::Error;
use crate::ids;

/// The form that is written now: this byte, the nonce, the sealed key.
const VERSION: u8 = 1;
const NONCE: usize = 24;

/// Seals a key for the provider with this id; no other's can be opened with it.
///
/// # Errors
/// [`Error::Setup`] if there is no secret and none can be made.
pub fn seal(config: &Config, provider_id: &str, key: &Key) -> Result<Vec<u8>, Error> {
    let nonce: [u8; NONCE] = random_bytes();
    let payload = Payload { msg: key.expose().as_bytes(), aad: provider_id.as_bytes() };
    let sealed = cipher(&secret(config)?).encrypt(XNonce::from_slice(&nonce), payload);
    let sealed = sealed.map_err(|_| Error::Internal("a key was not sealed".to_owned()))?;
    Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] made; `None` if it was sealed with another secret, or for another provider.
pub fn open(config: &Config, provider_id: &str, sealed: &[u8]) -> Option<Key> {
    let (version, rest) = sealed.split_first()?;
    let (nonce, sealed) = rest.split_at_checked(NONCE).filter(|_| *version == VERSION)?;
    let payload = Payload { msg: sealed, aad: provider_id.as_bytes() };
    let opened = cipher(&existing(config)?).decrypt(XNonce::from_slice(nonce), payload).ok()?;
    Some(Key::new(std::str::from_utf8(&opened).ok()?))
}

fn cipher(secret: &str) -> XChaCha20Poly1305 {
    let mut hash = Sha256::new();
    hash.update(b"takeback: keys of providers, 1\0");
    hash.update(secret.as_bytes());
    XChaCha20Poly1305::new(&hash.finalize().0.into())
}

fn file(config: &Config) -> PathBuf {
    config.data.join("secret.key")
}

/// The configuration's secret, else the data folder's; nothing if there is none yet.
fn existing(config: &Config) -> Option<String> {
    let configured = config.secret.as_ref().map(|secret| secret.expose().to_owned());
    configured.or_else(|| std::fs::read_to_string(file(config)).ok().map(|text| text.trim().to_owned())).filter(|text| !text.is_empty())
}

/// The same; makes one in the data folder at first need, for its owner alone.
fn secret(config: &Config) -> Result<String, Error> {
    if let Some(secret) = existing(config) {
        return Ok(secret);
    }
    let (path, made) = (file(config), ids::new_secret());
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&path).and_then(|mut file| {
        writeln!(file, "{made}")?;
        file.sync_all()
    });
    match written {
        Ok(()) => Ok(made),
        // Somebody else made it just now.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            existing(config).ok_or_else(|| Error::Setup(format!("{} is empty. Remove it, or write a secret into it.", path.display())))
        }
        Err(error) => Err(Error::Setup(format!("{} can't be written: {error}. Set TAKEBACK_SECRET instead.", path.display()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Options;

    #[test]
    fn a_sealed_key_opens_for_its_provider_with_its_secret_and_never_else() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::load(&Options { data: Some(folder.path().to_owned()), ..Options::default() }).unwrap();
        assert!(open(&config, "prov_a", &[1; 60]).is_none());
        assert!(!folder.path().join("secret.key").exists(), "a secret is made when one is needed");
        let key = Key::new("sk-zanzibar");
        let sealed = seal(&config, "prov_a", &key).unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("zanzibar"));
        assert_ne!(sealed, seal(&config, "prov_a", &key).unwrap());
        assert_eq!(open(&config, "prov_a", &sealed), Some(key));
        assert_eq!(open(&config, "prov_b", &sealed), None);
        let mut other = config.clone();
        other.secret = Some(Key::new("another"));
        assert_eq!(open(&other, "prov_a", &sealed), None);
        let mut bent = sealed.clone();
        *bent.last_mut().unwrap() ^= 1;
        assert_eq!(open(&config, "prov_a", &bent), None);
        assert_eq!(open(&config, "prov_a", &sealed[..10]), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join("secret.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
