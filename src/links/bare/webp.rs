//! WebP in RIFF (RFC 9649).

use super::orientation;

/// What it is drawn from, in its colours. The first kind is the header of all but the simplest.
const DRAWN: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// Flags of the header.
const EXIF: u8 = 0x08;
const XMP: u8 = 0x04;

/// `rest` is what follows `WEBP`.
pub(super) fn bare(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut chunks = Vec::new();
    let mut turned = None;
    while let Some((kind, after)) = rest.split_first_chunk::<4>() {
        let Some((length, content)) = after.split_first_chunk::<4>() else { break };
        let bytes = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let Some(content) = content.get(..bytes) else { break };
        let whole = bytes.checked_add(8 + bytes % 2)?;
        if DRAWN.contains(&kind) {
            push(&mut chunks, *kind, content);
        } else if kind == b"EXIF" {
            turned = orientation::read(content.strip_prefix(orientation::PREFIX).unwrap_or(content));
        }
        rest = rest.get(whole..).unwrap_or_default();
    }
    if !DRAWN.iter().any(|kind| chunks.starts_with(*kind)) {
        return None;
    }
    if chunks.starts_with(b"VP8X") {
        if let Some(flags) = chunks.get_mut(8) {
            *flags = *flags & !(EXIF | XMP) | if turned.is_some() { EXIF } else { 0 };
        }
        if let Some(turned) = turned {
            push(&mut chunks, *b"EXIF", &orientation::write(turned));
        }
    }
    let bytes = u32::try_from(chunks.len() + 4).ok()?;
    Some([b"RIFF".as_slice(), &bytes.to_le_bytes(), b"WEBP", &chunks].concat())
}

fn push(chunks: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    chunks.extend(kind);
    chunks.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_le_bytes());
    chunks.extend_from_slice(content);
    chunks.extend((content.len() % 2 == 1).then_some(0));
}
