//! Images by address: `data:` addresses carry their bytes, others stay links. Nothing is ever fetched.

use std::collections::HashSet;

use crate::media::image_type;
use crate::{EmbeddedFile, Part, hash};

/// The files found inside a conversation, each once.
#[derive(Default)]
pub(crate) struct Embedded {
    files: Vec<EmbeddedFile>,
    names: HashSet<String>,
}

impl Embedded {
    fn add(&mut self, bytes: Vec<u8>) -> String {
        let name = hash::content_name(&bytes);
        if self.names.insert(name.clone()) {
            let media_type = image_type(&bytes);
            self.files.push(EmbeddedFile { name: name.clone(), media_type, bytes });
        }
        name
    }

    /// Takes a file that is written in base64; answers its name, or `None` if that can't be read.
    pub(crate) fn add_base64(&mut self, text: &str) -> Option<String> {
        base64(text.as_bytes()).map(|bytes| self.add(bytes))
    }

    pub(crate) fn into_files(self) -> Vec<EmbeddedFile> {
        self.files
    }
}

/// The image at an address; `None` if the address is of no known kind.
pub(crate) fn image(url: &str, embedded: &mut Embedded) -> Option<Part> {
    let scheme = url.split_once(':')?.0.to_ascii_lowercase();
    match scheme.as_str() {
        "data" => {
            // data:[media type][;parameters];base64,… (RFC 2397); without base64 it is no image.
            let (head, data) = url.split_once(',')?;
            if !head.to_ascii_lowercase().ends_with(";base64") {
                return None;
            }
            let file = embedded.add(base64(data.as_bytes())?);
            Some(Part::Image { file, alt: None, width: None, height: None })
        }
        "http" | "https" => {
            let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '\\');
            url.chars().all(is_plain).then(|| Part::Text { text: format!("[Image](<{url}>)") })
        }
        _ => None,
    }
}

/// Decodes base64, standard or URL-safe, padded or not (RFC 4648); line breaks are passed over.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut bits: u32 = 0;
    let mut held = 0;
    let mut digits = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    for digit in digits.by_ref() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    // Behind padding there is only padding; a lone digit is no byte.
    let ends_well = digits.all(|digit| *digit == b'=') && held < 6;
    ends_well.then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_in_all_its_forms() {
        // RFC 4648, section 10.
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmE", "fooba")] {
            assert_eq!(base64(text.as_bytes()).unwrap(), bytes.as_bytes());
        }
        assert_eq!(base64(b"-_+/\n").unwrap(), [0xfb, 0xff, 0xbf]);
        for bad in ["Z", "Zg==Zg", "Z*", "Zm9vY"] {
            assert_eq!(base64(bad.as_bytes()), None, "{bad}");
        }
    }
}
