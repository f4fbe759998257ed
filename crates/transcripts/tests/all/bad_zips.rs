//! The export's ZIP: what is found in it, and what is refused.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use takeback_transcripts::{Error, Limits, Source, open};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::support::{Outcome, conversation, file_of, node_of, read, read_all, refusal, small, try_read};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n rest";

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(entries, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))
}

fn zip_with(entries: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn json_of(conversations: &[Value]) -> Vec<u8> {
    json!(conversations).to_string().into_bytes()
}

#[test]
fn split_files_are_read_in_their_order() {
    let [a, b, c] = ["a", "b", "c"].map(|title| json_of(&[small(title)]));
    let zip = zip_of(&[
        ("conversations-010.json", &c),
        ("conversations-002.json", &b),
        ("conversations-001.json", &a),
        ("conversations-x.json", b"[{}]"),
        ("user.json", b"{}"),
        ("chat.html", b"<html>"),
    ]);
    let read = read(&zip);
    assert_eq!(read.titles(), ["a", "b", "c"]);
    assert!(read.summary.notes.is_empty());
    assert_eq!(read.progress.last(), Some(&((a.len() + b.len() + c.len()) as u64)));
}

#[test]
fn stored_zip64_and_nested_exports_are_read() {
    let json = json_of(&[small("one")]);
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    assert_eq!(read(&zip_with(&[("conversations.json", &json)], stored)).titles(), ["one"]);
    let large = SimpleFileOptions::default().large_file(true);
    assert_eq!(read(&zip_with(&[("conversations.json", &json)], large)).titles(), ["one"]);
    let nested = zip_of(&[
        ("export/conversations.json", &json),
        ("__MACOSX/export/._conversations.json", b"junk"),
        ("export/older/conversations.json", &json_of(&[small("older")])),
    ]);
    let read = read(&nested);
    assert_eq!(read.titles(), ["one"]);
    assert_eq!(read.summary.notes, ["The ZIP file has conversations in several folders; only export were read."]);
}

fn with_images(file: &str, entries: &[(&str, &[u8])]) -> (Outcome, takeback_transcripts::Files) {
    let image = |id: &str, parent: Option<&str>, pointer: &str| {
        let part = json!({"content_type": "image_asset_pointer", "asset_pointer": pointer});
        node_of(id, parent, "user", json!({"content_type": "multimodal_text", "parts": [part]}), json!({}))
    };
    let json =
        json_of(&[conversation("pictures", json!({"n": image("n", None, file), "m": image("m", Some("n"), "sediment://file_gone")}))]);
    let all: Vec<_> = [("conversations.json", &json[..])].into_iter().chain(entries.iter().copied()).collect();
    let file = file_of(&zip_of(&all));
    let mut export = open(file.path()).unwrap();
    assert_eq!(export.source(), Source::ChatGpt);
    (read_all(&mut export), export.files())
}

#[test]
fn images_are_found_by_their_ids() {
    for (pointer, entry) in [
        ("file-service://file-AbC", "file-AbC-photo.png"),
        ("file-service://file-AbC", "file-AbC.png"),
        ("file-service://file-AbC", "dalle-generations/file-AbC-1234.webp"),
        ("sediment://file_00ab", "user-XyZ/file_00ab-sanitized.png"),
        ("sediment://file_00ab", "file_00ab.dat"),
        ("sediment://a1b2#file_00ab#p_0.png", "file_00ab.dat"),
        ("file_00ab", "file_00ab"),
    ] {
        let neighbours: [(&str, &[u8]); 3] = [("file-AbCd.png", b"other"), ("file_00ab1.dat", b"other"), (entry, PNG)];
        let (read, files) = with_images(pointer, &neighbours);
        assert_eq!((read.summary.images_found, read.summary.images_missing), (1, 1), "{pointer} in {entry}");
        let name = pointer.split_once("://").map_or(pointer, |(_, name)| name);
        let found = files.read(name, 1000).unwrap().unwrap();
        assert_eq!(found.bytes, PNG);
        assert_eq!(found.media_type, Some("image/png"));
        assert_eq!(found.name, entry.rsplit('/').next().unwrap());
    }
}

#[test]
fn files_have_their_own_names_sizes_and_sniffed_types() {
    let names = br#"{"file_00ab.dat": "Holiday.png", "x": "y"}"#;
    let (_, files) = with_images(
        "sediment://file_00ab",
        &[("conversation_asset_file_names.json", names), ("file_00ab.dat", b"<svg onload=alert(1)>"), ("user.json", b"{}")],
    );
    let found = files.read("file_00ab", 1000).unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.media_type), ("Holiday.png", None));
    assert!(files.read("file_gone", 1000).unwrap().is_none());
    // Account data is no attachment, whatever a conversation points at.
    for name in ["user", "user.json", "conversations", "conversation_asset_file_names", ""] {
        assert!(files.read(name, 1000).unwrap().is_none(), "{name}");
    }
    let too_big = files.read("file_00ab", 10).unwrap_err();
    assert_eq!(too_big.to_string(), "file_00ab.dat unpacks to more than 10 bytes. That is no ordinary export, so it was not read further.");
}

#[test]
fn files_are_read_while_the_conversations_are() {
    let json = json_of(&[small("one"), small("two")]);
    let file = file_of(&zip_of(&[("conversations.json", &json), ("file-1.png", PNG)]));
    let mut export = open(file.path()).unwrap();
    let files = export.files();
    let mut read = 0;
    export.read(
        &mut |_| {
            read += files.read("file-1", 1000).unwrap().unwrap().bytes.len();
            std::ops::ControlFlow::Continue(())
        },
        &mut |_| {},
    );
    assert_eq!(read, 2 * PNG.len());
}

#[test]
fn links_once_given_out_are_listed() {
    let shared = br#"[{"id": "s1", "conversation_id": "c1", "title": "T", "is_anonymous": true}, {"id": "s2"}, 5, {"title": "no id"}]"#;
    let json = json_of(&[small("one")]);
    let read = read(&zip_of(&[("conversations.json", &json), ("shared_conversations.json", shared)]));
    let shared: Vec<_> = read
        .summary
        .shared
        .iter()
        .map(|one| (one.share_id.as_str(), one.conversation_id.as_deref(), one.title.as_deref(), one.is_anonymous))
        .collect();
    assert_eq!(shared, [("s1", Some("c1"), Some("T"), Some(true)), ("s2", None, None, None)]);
    let odd = super::support::read(&zip_of(&[("conversations.json", &json), ("shared_conversations.json", b"{")]));
    assert_eq!(odd.titles(), ["one"]);
    assert!(odd.summary.notes[0].starts_with("shared_conversations.json was not understood: "));
}

#[test]
fn unsafe_names_are_harmless() {
    let json = json_of(&[small("one")]);
    // The writer cleans names, so they are put in afterwards, at the same length.
    let mut zip = zip_of(&[("conversations.json", &json), ("xx/xx/xx/file-evil.png", PNG), ("x:/conversations.json", &json)]);
    for (from, to) in [("xx/xx/xx/file-evil", "../../../file-evil")] {
        while let Some(at) = zip.windows(from.len()).position(|bytes| bytes == from.as_bytes()) {
            zip[at..at + from.len()].copy_from_slice(to.as_bytes());
        }
    }
    let file = file_of(&zip);
    let mut export = open(file.path()).unwrap();
    let read = read_all(&mut export);
    assert_eq!(read.titles(), ["one"]);
    assert_eq!(read.summary.notes, ["2 entries of the ZIP file have unsafe names and were ignored."]);
    assert!(export.files().read("file-evil", 1000).unwrap().is_none());
}

#[test]
fn of_entries_with_the_same_name_the_last_counts() {
    let (one, two) = (json_of(&[small("one")]), json_of(&[small("two")]));
    let mut zip = zip_of(&[("conversations.json", &one), ("conversatioNs.json", &two)]);
    while let Some(at) = zip.windows(5).position(|bytes| bytes == b"tioNs") {
        zip[at + 3] = b'n';
    }
    let read = read(&zip);
    assert_eq!(read.titles(), ["two"]);
    assert_eq!(read.summary.notes, ["Some entries of the ZIP file have the same name; the last of each counts."]);
}

#[test]
fn bombs_are_stopped() {
    let mut json = json_of(&[small("one")]);
    json.pop();
    json.extend_from_slice(b",");
    json.resize(json.len() + 80_000_000, b' ');
    json.extend_from_slice(b"{}]");
    let bomb = zip_of(&[("conversations.json", &json)]);
    assert!(bomb.len() < 100_000);
    let outcome = read(&bomb);
    assert_eq!(outcome.titles(), ["one"]);
    assert_eq!(
        outcome.summary.broken.unwrap().to_string(),
        "conversations.json unpacks to more than 67108864 bytes. That is no ordinary export, so it was not read further."
    );
    let limits = Limits { max_unpacked_bytes: 10_000, ..Limits::default() };
    let [a, b] = ["a", "b"].map(|title| json_of(&vec![small(title); 50]));
    let two = zip_of(&[("conversations-000.json", &a), ("conversations-001.json", &b)]);
    let outcome = try_read(&two, &limits).unwrap();
    assert!((20..100).contains(&outcome.transcripts.len()), "{}", outcome.transcripts.len());
    assert!(matches!(outcome.summary.broken, Some(Error::TooBig { .. })));
}

#[test]
fn encrypted_entries_are_named() {
    let json = json_of(&[small("one")]);
    let mut zip = zip_of(&[("conversations.json", &json)]);
    // Bit 0 of the general purpose flags, in the local and the central header (APPNOTE 4.4.4).
    zip[6] |= 1;
    let central = zip.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    zip[central + 8] |= 1;
    assert_eq!(refusal(&zip), "conversations.json is encrypted. Unpack the ZIP file with its password, then import conversations.json.");
}

#[test]
fn a_damaged_entry_costs_no_other() {
    let [a, b] = ["a", "b"].map(|title| {
        let words = (0..3000).map(|word| format!("{title}{word}")).collect::<Vec<_>>().join(" ");
        json_of(&[small(title), conversation("noise", json!({"n": super::support::node("n", None, "user", &words)}))])
    });
    let mut zip = zip_of(&[("conversations-000.json", &a), ("conversations-001.json", &b)]);
    // Somewhere in the first entry's data.
    for byte in &mut zip[6000..6100] {
        *byte = !*byte;
    }
    let read = read(&zip);
    assert_eq!(read.titles(), ["a", "b", "noise"]);
    let broken = read.summary.broken.unwrap().to_string();
    assert!(broken.contains("conversations-000.json"), "{broken}");
}

#[test]
fn what_is_no_export_zip_says_so() {
    let json = json_of(&[small("one")]);
    let whole = zip_of(&[("conversations.json", &json)]);
    for cut in [4, 40, whole.len() / 2, whole.len() - 1] {
        let says = refusal(&whole[..cut]);
        assert!(says.starts_with("The ZIP file is damaged or cut off ("), "{cut}: {says}");
    }
    assert_eq!(
        refusal(&zip_of(&[("a.txt", b"x")])),
        "The ZIP file holds no conversations.json. Take the ZIP file as it came from the export."
    );
    assert_eq!(refusal(&zip_of(&[])), "The ZIP file holds no conversations.json. Take the ZIP file as it came from the export.");
    assert_eq!(refusal(&zip_of(&[("conversations.json", b"[]")])), "There are no conversations in this file.");
    let claude = br#"[{"uuid": "u", "name": "n", "chat_messages": []}]"#;
    assert!(refusal(&zip_of(&[("conversations.json", claude)])).starts_with("This looks like a Claude export; "));
}
