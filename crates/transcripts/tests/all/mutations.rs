//! Files with random damage: whatever comes out is sound, nothing panics, nothing hangs.

use takeback_transcripts::{Limits, chat_completions};

use super::support::{corpus, try_read};

/// Splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }
}

/// Changes a few places: bytes that mean something to JSON, cuts, copies of pieces elsewhere.
fn damaged(whole: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match random.below(4) {
            0 => bytes[at] = b"{}[]\",:\\u0\0\xff\xee\x88"[random.below(14)],
            1 => drop(bytes.splice(at..(at + random.below(50)).min(bytes.len()), [])),
            2 => {
                let from = random.below(bytes.len());
                let piece = bytes[from..(from + random.below(200)).min(bytes.len())].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            _ => bytes[at] = bytes[at].wrapping_add(1),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

#[test]
fn damaged_exports_give_sound_transcripts_or_an_error() {
    let mut random = Random(7);
    let mut read = 0;
    for (file, rounds) in [
        ("chatgpt/librechat-importer/chatgpt-tree.json", 600),
        ("chatgpt/librechat-importer/chatgpt-modern-export.json", 600),
        ("chatgpt/sanand0-openai-conversations/karunanidhi-political-family-overview.json", 200),
        ("sharegpt/dummy_conversation_first60.json", 50),
    ] {
        let Some(path) = corpus(file) else { return };
        let whole = std::fs::read(path).unwrap();
        for _ in 0..rounds {
            let bytes = damaged(&whole, &mut random);
            if let Ok(outcome) = try_read(&bytes, &Limits::default()) {
                read += outcome.transcripts.len();
            }
        }
    }
    // Most damage ends at the JSON parser; enough gets behind it to be worth the test.
    assert!(read > 100, "{read}");
}

#[test]
fn damaged_messages_from_memory() {
    let whole = br#"{"id": "x", "messages": [{"role": "system", "content": "a"}, {"role": "user", "content": [{"type": "text", "text": "b\ud83d\ude00"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgoA"}}]}, {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c", "content": "d"}]}"#;
    let mut random = Random(8);
    let mut read = 0;
    for _ in 0..20_000 {
        if let Ok(transcript) = chat_completions::parse(&damaged(whole, &mut random)) {
            read += 1;
            assert_eq!(transcript.current, Some(transcript.messages.len() - 1));
        }
    }
    assert!((1000..20_000).contains(&read), "{read}");
}
