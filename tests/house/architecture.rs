//! docs/ARCHITECTURE.md is a map; a map that names what is not there leads astray.

use super::{root, sources};

#[test]
fn the_map_names_only_what_exists() {
    let map = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let named: Vec<&str> = map.split('`').skip(1).step_by(2).filter(|name| is_path(name) || is_item(name)).collect();
    assert!(named.len() >= 20, "a map of {} names is none", named.len());
    let missing: Vec<&str> = named.into_iter().filter(|name| if is_path(name) { !path_exists(name) } else { !item_exists(name) }).collect();
    assert!(missing.is_empty(), "docs/ARCHITECTURE.md names what is not there: {missing:?}");
}

#[test]
fn what_is_there_is_found_and_what_is_not_is_missed() {
    for there in [
        "links::revoke::delete",
        "Error::Gone",
        "links::gate::Gate::ask",
        "Gate::ask",
        "write_tx!",
        "storage::Db",
        "takeback_markdown::RENDERER_VERSION",
    ] {
        assert!(!is_item(there) || item_exists(there), "{there}");
    }
    for not_there in
        ["links::revoke::obliterate", "links::nowhere::delete", "Gate::obliterate", "Error::Obliterated", "takeback_markdown::obliterate"]
    {
        assert!(is_item(not_there) && !item_exists(not_there), "{not_there}");
    }
    assert!(path_exists("src/links/revoke.rs") && path_exists("src/*/store.rs") && !path_exists("src/links/nothing.rs"));
}

/// `src/links/gate.rs`, `tests/rights.rs`, `*/store.rs`, `bin/ci`
fn is_path(name: &str) -> bool {
    let mut parts = name.split('/');
    let first = parts.next().unwrap();
    !name.contains(' ')
        && parts.next().is_some()
        && ["src", "tests", "crates", "templates", "web", "bin", "docs", "benches", "*"].contains(&first)
}

/// `links::revoke::delete`, `Gate::ask`
fn is_item(name: &str) -> bool {
    name.contains("::") && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ':' | '_' | '(' | ')' | '!'))
}

fn path_exists(name: &str) -> bool {
    match name.split_once('*') {
        None => root().join(name).exists(),
        Some((before, after)) => sources().iter().any(|(file, _)| file.starts_with(before) && file.ends_with(after)),
    }
}

/// Whether the last part is defined in a file whose place fits the parts before it.
fn item_exists(name: &str) -> bool {
    let name = name.trim_end_matches("()").trim_end_matches('!');
    let parts: Vec<&str> = name.split("::").filter(|part| *part != "takeback" && *part != "crate").collect();
    let (item, before) = parts.split_last().unwrap();
    let types: Vec<&&str> = before.iter().filter(|part| part.starts_with(char::is_uppercase)).collect();
    let modules: Vec<String> = before.iter().filter(|part| !part.starts_with(char::is_uppercase)).map(|part| folder_of(part)).collect();
    sources().iter().filter(|(file, _)| is_in(file, &modules)).any(|(_, text)| {
        let re_exported = text.lines().any(|line| line.starts_with("pub use") && words(line).any(|word| word == *item));
        let variant = !types.is_empty() && text.lines().any(|line| words(line).next() == Some(item) && !line.contains("=>"));
        (defines(text, item) || re_exported || variant) && types.iter().all(|name| text.contains(**name))
    })
}

fn folder_of(module: &str) -> String {
    module.strip_prefix("takeback_").map_or_else(|| module.to_owned(), |name| format!("crates/{name}/src"))
}

/// `src/links/gate.rs` is in `links::gate`; so are the files below `src/links/gate/`.
fn is_in(file: &str, modules: &[String]) -> bool {
    let Some(path) = file.strip_suffix(".rs") else { return false };
    let path = path.trim_end_matches("/mod").trim_end_matches("/lib");
    let wanted = modules.join("/");
    modules.is_empty() || path == wanted || path.ends_with(&format!("/{wanted}")) || path.contains(&format!("{wanted}/"))
}

fn defines(text: &str, item: &str) -> bool {
    const KINDS: [&str; 9] = ["fn", "struct", "enum", "const", "static", "type", "trait", "mod", "macro_rules"];
    text.lines().any(|line| {
        let words: Vec<&str> = words(line).collect();
        words.windows(2).any(|pair| KINDS.contains(&pair[0]) && pair[1] == item)
    })
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}
