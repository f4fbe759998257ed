//! PDFs as knowledge: their text, and what happens to those that are hostile. `pdfs/README.md` says how they were made.

use std::process::Stdio;
use std::time::Duration;

use reqwest::multipart::{Form, Part};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::time::Instant;

use super::Scene;
use crate::support::{Reply, Script, Stopwatch, assistant_form};

fn pdf(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/assistants/pdfs/{name}.pdf", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn with_pdf(form: Form, name: &str, bytes: Vec<u8>) -> Form {
    form.part("knowledge", Part::bytes(bytes).file_name(name.to_owned()))
}

/// A PDF with so many pages, and this on each; without a table of its objects, as damaged ones are.
fn many_pages(pages: usize, content: &str) -> Vec<u8> {
    let kids = (5..pages + 5).map(|page| format!("{page} 0 R")).collect::<Vec<_>>().join(" ");
    let mut all = format!(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count {pages} /Kids [{kids}] >>\nendobj\n\
         3 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n\
         4 0 obj\n<< /Length {} >>\nstream\n{content}\nendstream\nendobj\n",
        content.len()
    );
    all.extend((5..pages + 5).map(|page| {
        format!(
            "{page} 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 4 0 R >>\nendobj\n"
        )
    }));
    all.push_str("trailer\n<< /Root 1 0 R >>\n%%EOF\n");
    all.into_bytes()
}

impl Scene {
    /// Saves the assistant with this file.
    async fn save_with(&self, name: &str, bytes: Vec<u8>) -> Reply {
        let form = assistant_form("Tea Counsel", "Be brief.").text("publish", "1");
        self.owner.post_assistant(&self.path("/edit"), with_pdf(form, name, bytes)).await
    }

    /// What the model is told with this file.
    async fn told_with(&self, name: &str, bytes: Vec<u8>) -> String {
        let saved = self.save_with(name, bytes).await;
        assert_eq!(saved.status, 303, "{name}: {}", saved.body);
        self.chat(&self.owner, "How long?", Script::says("Two minutes.")).await;
        self.last_told()
    }
}

#[tokio::test]
async fn its_text_is_what_the_model_is_told_under_the_name_of_the_file() {
    let scene = Scene::new().await;
    // The bytes say what it is, not the name.
    let told = scene.told_with("Tea stock.txt", pdf("letter")).await;
    assert_eq!(
        told,
        "Be brief.\n\nYour file \"Tea stock.txt\":\n\nHow long does green tea steep?\nTäglich drei Minuten, sagt das Café.\n\
         An official finding2 is here.\n\nAnother paragraph.\n\nLeft one\nLeft two\n\nRight one\nRight two\n\nTurned words\n\nBold by outline"
    );
    let page = scene.owner.get(&scene.path("/edit")).await.body;
    assert!(page.contains("Tea stock.txt") && page.contains("2 pages, 32 words"), "{page}");
    // Its copy says the same.
    let copy = scene.owner.post_form(&scene.path("/duplicate"), &[]).await;
    assert!(scene.owner.get(copy.location()).await.body.contains("2 pages, 32 words"));
}

#[tokio::test]
async fn accents_columns_tables_and_other_scripts_come_out() {
    let scene = Scene::new().await;
    let told = scene.told_with("Teekunde.pdf", pdf("browser")).await;
    // Each column whole before the next, the rows of the table one after the other.
    let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let order = [
        "Teekunde für Anfänger Grüner Tee zieht zwei Minuten bei 75 °C. Das ist offiziell effizient: “fein”",
        "naïve café, Šárka, Łódź, Ελληνικά, Привет.",
        "leaves have opened",
        "by hand, on a dry day.",
        "behind the second.",
        "Oolong 90 °C 3 min",
        "Sencha 70 °C 2 min",
    ];
    assert!(order.map(|words| flat.find(words).unwrap_or_else(|| panic!("{words}: {flat}"))).is_sorted(), "{flat}");
    let told = scene.told_with("緑茶.pdf", pdf("scripts")).await;
    assert!(told.ends_with("Your file \"緑茶.pdf\":\n\n緑茶は二分です。\n中文也可以"), "{told}");
    assert!(scene.owner.get(&scene.path("/edit")).await.body.contains("1 page, 12 words"));
}

#[tokio::test]
async fn what_can_t_be_read_says_so_and_what_was_typed_stays() {
    let scene = Scene::new().await;
    let cases = [
        (pdf("locked"), "“a.pdf” is protected with a password. Save a copy without one"),
        (pdf("scanned"), "“a.pdf” has a page but no text in it, as scans do. Put it through text recognition (OCR)"),
        (b"%PDF-1.7\nnothing of a PDF \xff\xfe\0".to_vec(), "“a.pdf” is a damaged PDF."),
        (pdf("letter")[..300].to_vec(), "No page is found in “a.pdf”."),
        (many_pages(0, ""), "No page is found in “a.pdf”."),
        (
            many_pages(2_001, "BT /F1 12 Tf 60 780 Td (A page) Tj ET"),
            "“a.pdf” has 2,001 pages, and 2,000 can be read. Choose a part of it.",
        ),
        (
            many_pages(100, &format!("BT /F1 12 Tf 60 780 Td ({}) Tj ET", "word ".repeat(3_000))),
            "“a.pdf” holds more than 1 MB of text. Choose a part of it.",
        ),
        ([b"%PDF-1.7\n".to_vec(), vec![b' '; 10 << 20]].concat(), "“a.pdf” is larger than 10 MB. Choose a part of it, or save it as text."),
    ];
    for (bytes, words) in cases {
        let reply = scene.save_with("a.pdf", bytes).await;
        assert_eq!(reply.status, 400, "{words}");
        assert!(reply.body.contains(words) && reply.body.contains("Be brief."), "{words}: {}", reply.body);
        // Nothing was saved.
        assert!(scene.owner.get(&scene.path("/edit")).await.body.contains("Version 1 is published."), "{words}");
    }
}

#[tokio::test]
async fn a_part_that_can_be_read_is_kept_and_the_rest_is_named() {
    let scene = Scene::new().await;
    assert!(scene.told_with("a.pdf", pdf("half-scanned")).await.ends_with("A page of text"));
    assert!(scene.owner.get(&scene.path("/edit")).await.body.contains("2 pages, 4 words; no text found on 1 page"));
    assert!(scene.told_with("a.pdf", pdf("unlocked")).await.ends_with("A guarded word"));
    assert!(scene.told_with("a.pdf", many_pages(3, "BT /F1 12 Tf 60 780 Td (Mended) Tj ET")).await.ends_with("Mended\n\nMended\n\nMended"));
}

#[tokio::test]
async fn one_that_does_not_fit_is_left_out_like_other_files() {
    let scene = Scene::new().await;
    let words = format!("BT /F1 12 Tf 60 780 Td ({}) Tj ET", "quincemarrow ".repeat(1_000));
    let told = scene.told_with("much.pdf", many_pages(60, &words)).await;
    assert!(!told.contains("quincemarrow"));
    let page = scene.owner.get(&scene.path("/edit")).await.body;
    assert!(page.contains("60 pages, 60,000 words · <strong>too large: brewer-9 can’t read it</strong>"), "{page}");
}

#[tokio::test]
async fn a_hostile_one_ends_within_its_bounds_and_the_server_serves_meanwhile() {
    let scene = Scene::new().await;
    for name in ["bomb", "laughs"] {
        let saving = scene.save_with("a.pdf", pdf(name));
        let others = async {
            for _ in 0..20 {
                assert_eq!(scene.owner.get("/assistants").await.status, 200);
            }
        };
        let (reply, ()) = tokio::join!(saving, others);
        assert_eq!(reply.status, 400, "{name}");
        assert!(reply.body.contains("“a.pdf” takes too much time or memory to read. Save it as text"), "{name}: {}", reply.body);
    }
    // The next one is read as if nothing had been.
    assert!(scene.told_with("b.pdf", pdf("letter")).await.contains("How long does green tea steep?"));
}

#[tokio::test]
async fn whatever_is_broken_in_one_it_answers() {
    let whole = pdf("browser");
    let mut random = 1_u32;
    let mut next = |below: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(random >> 8).unwrap() % below
    };
    for round in 0..60 {
        let mut broken = whole.clone();
        for _ in 0..[1, 20, 400][round % 3] {
            let (at, byte) = (next(broken.len()), next(256));
            broken[at] = u8::try_from(byte).unwrap();
        }
        broken.truncate(broken.len() - next(broken.len()) / [usize::MAX, 4][round % 2]);
        let mut child =
            Command::new(env!("CARGO_BIN_EXE_takeback")).arg("read-pdf").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(&broken).await.unwrap();
        let output = child.wait_with_output().await.unwrap();
        assert!(output.status.success() && serde_json::from_slice::<serde_json::Value>(&output.stdout).is_ok(), "round {round}");
    }
}

#[tokio::test]
async fn who_goes_away_takes_the_reading_along() {
    let scene = Scene::new().await;
    // Its ten seconds on the processor would be over long after the test.
    let gone = tokio::time::timeout(Duration::from_millis(500), scene.save_with("a.pdf", pdf("laughs"))).await;
    assert!(gone.is_err(), "it was read in no time");
    let began = Stopwatch::start();
    assert_eq!(scene.save_with("b.pdf", pdf("letter")).await.status, 303);
    began.assert_within(Duration::from_secs(8));
}

#[tokio::test]
async fn the_process_that_reads_gives_everything_up_before_it_reads() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.arg("read-pdf").env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    let process = format!("/proc/{}", child.id().unwrap());
    let limits = || {
        let limits = std::fs::read_to_string(format!("{process}/limits")).unwrap();
        let limit = |name: &str| {
            let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
            line[name.len()..].split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>().join(" ")
        };
        ["Max address space", "Max cpu time", "Max open files", "Max file size", "Max core file size"].map(limit)
    };
    let expected = ["536870912 536870912", "10 10", "0 0", "0 0", "0 0"];
    let patience = Instant::now() + Duration::from_secs(120);
    while limits() != expected {
        assert!(Instant::now() < patience, "{:?}", limits());
        tokio::task::yield_now().await;
    }
    assert_eq!(std::fs::read(format!("{process}/environ")).unwrap(), b"");
    // And with all that it reads.
    child.stdin.take().unwrap().write_all(&pdf("letter")).await.unwrap();
    let mut answer = String::new();
    child.stdout.take().unwrap().read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with(r#"{"Ok":{"text":"How long does green tea steep?\n"#), "{answer}");
    assert!(child.wait().await.unwrap().success());
}
