//! JPEG: ITU-T T.81, annex B; JFIF: ITU-T T.871.

use super::orientation;

const START_OF_SCAN: u8 = 0xda;
const END: u8 = 0xd9;

/// `rest` is what follows the first marker.
pub(super) fn bare(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut kept = vec![0xff, 0xd8];
    let mut turned = None;
    let mut scanned = false;
    while let Some((marker, after)) = marker(rest) {
        if marker == END {
            // What stands behind it, such as a phone's film of the moment, is no part of the picture.
            break;
        }
        if is_alone(marker) {
            rest = after;
            continue;
        }
        let Some((content, after)) = segment(after) else { break };
        rest = after;
        match marker {
            0xe0..=0xef => {
                if marker == 0xe1 && turned.is_none() {
                    turned = content.strip_prefix(orientation::PREFIX).and_then(orientation::read);
                }
                if let Some(content) = application(marker, content) {
                    push(&mut kept, marker, &content);
                }
            }
            // Tables, frames, scans and their parameters.
            0xc0..=0xcf | 0xda..=0xdf => push(&mut kept, marker, content),
            _ => (),
        }
        if marker == START_OF_SCAN {
            let (entropy, after) = rest.split_at(entropy_bytes(rest));
            kept.extend_from_slice(entropy);
            rest = after;
            scanned = true;
        }
    }
    if !scanned {
        return None;
    }
    kept.extend([0xff, END]);
    if let Some(turned) = turned {
        let mut segment = Vec::new();
        push(&mut segment, 0xe1, &[orientation::PREFIX, &orientation::write(turned)].concat());
        // Behind the one that says that this is JFIF, which is to be the first.
        let at = if kept.get(2..4) == Some(&[0xff, 0xe0]) { 2 + 2 + JFIF_BYTES + 2 } else { 2 };
        kept.splice(at..at, segment);
    }
    Some(kept)
}

/// What JFIF says without a small picture of the picture.
const JFIF_BYTES: usize = 14;

/// What is needed of an application's segment.
fn application(marker: u8, content: &[u8]) -> Option<Vec<u8>> {
    match marker {
        0xe0 if content.starts_with(b"JFIF\0") => {
            let mut content = content.get(..JFIF_BYTES)?.to_vec();
            content[12..].fill(0);
            Some(content)
        }
        // Which colours its numbers mean.
        0xe2 if content.starts_with(b"ICC_PROFILE\0") => Some(content.to_vec()),
        0xee if content.starts_with(b"Adobe") => Some(content.to_vec()),
        _ => None,
    }
}

/// The next marker and what follows it.
fn marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let at = bytes.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff))?;
    Some((bytes[at + 1], &bytes[at + 2..]))
}

/// Markers without a length: a second start, TEM, and restarts outside of a scan, where they mean nothing.
fn is_alone(marker: u8) -> bool {
    matches!(marker, 0x01 | 0xd0..=0xd8)
}

/// The content of a segment and what follows it.
fn segment(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::from(u16::from_be_bytes(*bytes.first_chunk()?));
    Some((bytes.get(2..length)?, &bytes[length..]))
}

/// How long the coded picture is: to the next marker that isn't a restart.
fn entropy_bytes(bytes: &[u8]) -> usize {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff | 0xd0..=0xd7);
    bytes.windows(2).position(ends).unwrap_or(bytes.len())
}

fn push(kept: &mut Vec<u8>, marker: u8, content: &[u8]) {
    // It came with a length of two bytes, and has not grown.
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    kept.extend([0xff, marker]);
    kept.extend(length.to_be_bytes());
    kept.extend_from_slice(content);
}
