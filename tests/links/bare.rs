//! What a picture tells besides what it shows goes to nobody.

use takeback::links::bare::bare;
use takeback_transcripts::Part;

use super::pictures::addresses;
use crate::support::{Talk, TestApp};

/// Each says `canary` wherever its format has room for words, and behind its end.
const PICTURES: [(&str, &[u8]); 9] = [
    ("baseline.jpg", include_bytes!("bare/baseline.jpg")),
    ("progressive.jpg", include_bytes!("bare/progressive.jpg")),
    ("cmyk.jpg", include_bytes!("bare/cmyk.jpg")),
    ("still.png", include_bytes!("bare/still.png")),
    ("moving.png", include_bytes!("bare/moving.png")),
    ("still.webp", include_bytes!("bare/still.webp")),
    ("simple.webp", include_bytes!("bare/simple.webp")),
    ("moving.webp", include_bytes!("bare/moving.webp")),
    ("moving.gif", include_bytes!("bare/moving.gif")),
];

fn says(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

#[test]
fn a_bare_picture_shows_the_same_and_tells_nothing() {
    for (name, picture) in PICTURES {
        let left = bare(picture).unwrap();
        assert_eq!(says(picture, b"canary"), name != "simple.webp", "{name} tells something before");
        assert!(!says(&left, b"canary"), "{name}");
        assert_eq!(imagesize::blob_size(&left).unwrap(), imagesize::blob_size(picture).unwrap(), "{name}");
        assert_eq!(bare(&left).unwrap(), left, "{name} has nothing more to lose");
    }
}

#[test]
fn a_bare_picture_stays_the_right_way_up() {
    for name in ["baseline.jpg", "progressive.jpg", "still.png", "still.webp"] {
        let (_, picture) = PICTURES.iter().find(|(other, _)| *other == name).unwrap();
        // One entry of EXIF, the orientation (0x0112), a short, which is 6: turned to the right.
        assert!(says(&bare(picture).unwrap(), b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"), "{name}");
    }
    assert!(!says(&bare(PICTURES[2].1).unwrap(), b"Exif"), "an upright one has none");
}

#[test]
fn a_broken_picture_tells_nothing_either() {
    for (name, picture) in PICTURES {
        for end in 0..picture.len() {
            assert!(bare(&picture[..end]).is_none_or(|left| !says(&left, b"canary")), "{name} cut after {end} bytes");
        }
        for at in 0..picture.len() {
            let mut picture = picture.to_vec();
            picture[at] ^= 0xff;
            // Whatever becomes of it: it ends, and is not longer than before, but for what says which way is up.
            assert!(bare(&picture).is_none_or(|left| left.len() <= picture.len() + 64), "{name} with another byte {at}");
        }
    }
    for none in
        [&b""[..], b"\xff\xd8", b"\xff\xd8\xff\xd9", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"<svg>", b"\0\0\0 ftypheic"]
    {
        assert_eq!(bare(none), None, "{none:?}");
    }
}

#[tokio::test]
async fn visitors_get_bare_pictures_and_never_their_names() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk: Talk = app.small_talk(&owner.user).await;
    let mut files = Vec::new();
    for (name, picture) in PICTURES {
        let file = app.file(&talk, &format!("canary-{name}"), "image/jpeg", picture).await;
        let part = Part::Image { file: file.clone(), alt: None, width: None, height: None };
        app.say_parts(&mut talk, "user", &[part]).await;
        files.push(file);
    }
    let link = app.share(&owner.user, &talk).await;
    let shown = addresses(&app.anonymous(), &link).await;
    assert_eq!(shown.len(), PICTURES.len());
    for (path, (name, picture)) in shown.iter().zip(PICTURES) {
        let reply = app.anonymous().get(path).await;
        assert_eq!(reply.status, 200, "{name}");
        assert!(!says(&reply.bytes, b"canary"), "{name}");
        assert_eq!(reply.bytes, bare(picture).unwrap(), "{name}");
    }
    let names: Vec<String> = sqlx::query_scalar("SELECT DISTINCT name FROM snapshot_files").fetch_all(app.db.reader()).await.unwrap();
    assert_eq!(names, ["picture"], "who continues it gets no name of a file");
    assert!(says(&owner.get(&format!("/files/{}", files[0])).await.bytes, b"canary-gps"), "the owner's own stays as it was");
}

#[tokio::test]
async fn what_can_t_be_made_bare_is_not_shared() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk: Talk = app.small_talk(&owner.user).await;
    let file = app.file(&talk, "odd.heic", "application/octet-stream", b"\0\0\0 ftypheic canary").await;
    let part = Part::Image { file, alt: None, width: None, height: None };
    app.say_parts(&mut talk, "user", &[part]).await;
    let link = app.share(&owner.user, &talk).await;
    let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM snapshot_files").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!((kept, addresses(&app.anonymous(), &link).await.len()), (0, 0), "its placeholder shows");
}
