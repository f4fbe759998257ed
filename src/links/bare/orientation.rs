//! Which way up a picture is: the only thing of its EXIF that is needed to draw it (CIPA DC-008, 4.6.4; TIFF 6.0).

/// What stands before EXIF in a JPEG.
pub(super) const PREFIX: &[u8] = b"Exif\0\0";
const TAG: u16 = 0x0112;
const SHORT: u16 = 3;

/// 2 to 8; `None` if it is upright or doesn't say.
pub(super) fn read(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.first_chunk()? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let bytes = *tiff.get(4..)?.first_chunk()?;
    let directory = usize::try_from(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }).ok()?;
    let entries = usize::from(short(directory)?);
    let entry = (0..entries).map(|number| directory + 2 + number * 12).find(|at| short(*at) == Some(TAG))?;
    let turned = (short(entry + 2)? == SHORT).then(|| short(entry + 8)).flatten()?;
    u8::try_from(turned).ok().filter(|turned| (2..=8).contains(turned))
}

/// EXIF that says nothing else.
pub(super) fn write(turned: u8) -> [u8; 26] {
    let mut tiff = *b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    tiff[19] = turned;
    tiff
}
