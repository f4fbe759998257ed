//! Test data from elsewhere, which lies beside the project.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::chromium::missing;

/// A file of `../shared/corpora`; `None`, with a message, where it is not there and need not be.
pub(crate) fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora").join(name);
    if path.exists() {
        return Some(path);
    }
    missing(&format!("{} is not there", path.display()));
    None
}

/// Words that try to run something or to fetch something: HTML and SVG vectors with their payloads filled in, and
/// strings that break programs.
pub(crate) fn hostile() -> Option<Vec<String>> {
    let payloads = json(&corpus("xss/h5sc/payloads.json")?);
    let mut all = Vec::new();
    for item in json(&corpus("xss/h5sc/items.json")?).as_array().unwrap() {
        let mut text = item["data"].as_str().unwrap().to_owned();
        for (name, payload) in payloads.as_object().unwrap() {
            text = text.replace(&format!("%{name}%"), payload.as_str().unwrap());
        }
        all.push(text);
    }
    for name in ["1_-_XSS_Filter_Bypass.md", "2_-_XSS_Polyglot.md", "3_-_XSS_Common_WAF_Bypass.md", "4_-_CSP_Bypass.md"] {
        let text = std::fs::read_to_string(corpus(&format!("xss/payloads-all-the-things/{name}"))?).unwrap();
        all.extend(text.split("```").skip(1).step_by(2).flat_map(str::lines).map(str::to_owned));
    }
    let naughty = json(&corpus("naughty/blns/blns.json")?);
    all.extend(naughty.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()));
    // PostgreSQL takes no U+0000, so an importer leaves it out.
    for text in &mut all {
        text.retain(|c| c != '\0');
    }
    all.retain(|text| !text.trim().is_empty());
    Some(all)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
