//! A picture without what it tells besides what it shows: where it was taken, when, by which camera, by whom, with
//! which program, and what was before it was cropped. Nothing is drawn anew: its parts that a browser needs to draw it
//! are kept as they are, all others are left out. What isn't known is left out too.

mod gif;
mod jpeg;
mod orientation;
mod png;
mod webp;

/// The picture as visitors may have it; `None` if it is none of the kinds that browsers show here, or is so broken that
/// its parts can't be told apart.
pub fn bare(picture: &[u8]) -> Option<Vec<u8>> {
    match picture {
        [0xff, 0xd8, rest @ ..] => jpeg::bare(rest),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', rest @ ..] => png::bare(rest),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => gif::bare(picture),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', rest @ ..] => webp::bare(rest),
        _ => None,
    }
}
