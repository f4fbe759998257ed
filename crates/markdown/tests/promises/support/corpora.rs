//! Test data that lies beside the project, in `../shared/corpora` from its root.

use std::path::PathBuf;

use serde_json::Value;

/// The text of a file of the corpora. On a machine without them the test is skipped with a message; in CI it fails.
#[expect(clippy::disallowed_methods, reason = "a test asks whether it runs in CI")]
pub(crate) fn read(path: &str) -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora").join(path);
    match std::fs::read(&file) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{}: {error}", file.display());
            println!("skipped: {} is not here", file.display());
            None
        }
    }
}

fn json(path: &str) -> Option<Value> {
    read(path).map(|text| serde_json::from_str(&text).expect("a corpus is valid JSON"))
}

/// Hostile texts of every corpus; empty if there are none here.
pub(crate) fn hostile() -> Vec<String> {
    let mut texts = h5sc();
    if let Some(vectors) = read("xss/h5sc/vectors.txt") {
        texts.extend(vectors.lines().map(str::to_owned));
        texts.push(vectors);
    }
    for file in [
        "1_-_XSS_Filter_Bypass.md",
        "2_-_XSS_Polyglot.md",
        "3_-_XSS_Common_WAF_Bypass.md",
        "4_-_CSP_Bypass.md",
        "5_-_XSS_in_Angular.md",
        "README.md",
        "Files/xss.xhtml",
        "Files/xss.xml",
        "Files/SVG_XSS1.svg",
        "Files/SVG_XSS2.svg",
        "Files/SVG_XSS3.svg",
        "Files/SVG_XSS_green_triangle.svg",
        "Files/xss.htm",
        "Files/SVG_XSS_nested_img_xlink.svg",
        "Files/SVG_XSS_nested_svg.svg",
        "Files/SVG_XSS_nested_use_xlink.svg",
        "Files/SVG_XSS_red_lightning.svg",
    ] {
        if let Some(text) = read(&format!("xss/payloads-all-the-things/{file}")) {
            texts.extend(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
            texts.push(text);
        }
    }
    if let Some(Value::Array(strings)) = json("naughty/blns/blns.json") {
        texts.extend(strings.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    texts
}

/// The vectors of html5sec with their payloads filled in.
fn h5sc() -> Vec<String> {
    let (Some(items), Some(payloads)) = (json("xss/h5sc/items.json"), json("xss/h5sc/payloads.json")) else {
        return Vec::new();
    };
    let payloads = payloads.as_object().expect("payloads are an object");
    let mut texts = Vec::new();
    for item in items.as_array().expect("items are an array") {
        let mut text = item["data"].as_str().expect("an item has data").to_owned();
        for (name, payload) in payloads {
            text = text.replace(&format!("%{name}%"), payload.as_str().expect("a payload is a string"));
        }
        texts.push(text);
    }
    texts
}
