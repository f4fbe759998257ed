//! GIF, version 89a of 31 July 1990.

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const END: u8 = 0x3b;
const GRAPHIC_CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;
/// How often an animation is repeated, the only thing that browsers read of an application.
const REPEATS: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];
const HEADER_BYTES: usize = 13;
const IMAGE_BYTES: usize = 10;

pub(super) fn bare(picture: &[u8]) -> Option<Vec<u8>> {
    let header = HEADER_BYTES + colors_bytes(*picture.get(10)?);
    let mut kept = picture.get(..header)?.to_vec();
    let mut rest = &picture[header..];
    loop {
        let (block, is_drawn) = match *rest {
            [EXTENSION, label, ref blocks @ ..] => {
                let is_drawn =
                    label == GRAPHIC_CONTROL || label == APPLICATION && REPEATS.iter().any(|name| rest.get(3..14) == Some(*name));
                (2 + blocks_bytes(blocks), is_drawn)
            }
            [IMAGE, _, _, _, _, _, _, _, _, flags, ..] => {
                let data = IMAGE_BYTES + colors_bytes(flags) + 1;
                (data + blocks_bytes(rest.get(data..).unwrap_or_default()), true)
            }
            // Its end, or nothing that this format knows.
            _ => break,
        };
        let (block, others) = rest.split_at(block.min(rest.len()));
        if is_drawn {
            kept.extend_from_slice(block);
        }
        rest = others;
    }
    kept.push(END);
    Some(kept)
}

/// The size of the table of colours that these flags announce.
fn colors_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// The size of the sub-blocks that begin here, with the empty one at their end.
fn blocks_bytes(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&length) = bytes.get(at) {
        at += 1 + usize::from(length);
        if length == 0 {
            break;
        }
    }
    at
}
