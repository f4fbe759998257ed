//! PNG (W3C, third edition), with APNG.

use flate2::Crc;

use super::orientation;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What it is drawn from, in its colours and at its size.
const DRAWN: [&[u8; 4]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs",
    b"acTL", b"fcTL", b"fdAT",
];

/// `rest` is what follows the signature.
pub(super) fn bare(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut kept = SIGNATURE.to_vec();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let Some(kind) = after.first_chunk::<4>() else { break };
        let whole = usize::try_from(u32::from_be_bytes(*length)).ok()?.checked_add(12)?;
        // One that was cut off is drawn as far as it goes.
        let (chunk, others) = rest.split_at(whole.min(rest.len()));
        if DRAWN.contains(&kind) {
            kept.extend_from_slice(chunk);
        } else if kind == b"eXIf"
            && let Some(turned) = chunk.get(8..whole - 4).and_then(orientation::read)
        {
            kept.extend(exif(turned));
        }
        if kind == b"IEND" {
            break;
        }
        rest = others;
    }
    (kept.get(12..16) == Some(b"IHDR")).then_some(kept)
}

fn exif(turned: u8) -> Vec<u8> {
    let named = [b"eXIf".as_slice(), &orientation::write(turned)].concat();
    let mut crc = Crc::new();
    crc.update(&named);
    [&26_u32.to_be_bytes(), named.as_slice(), &crc.sum().to_be_bytes()].concat()
}
