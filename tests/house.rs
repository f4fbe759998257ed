//! The house rules that a program can check.

mod architecture;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The project's folder.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` with one of these extensions, with its text.
fn files(folder: &str, extensions: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted)) {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no files");
    found
}

fn sources() -> Vec<(String, String)> {
    ["src", "crates/markdown/src", "crates/transcripts/src"].into_iter().flat_map(|folder| files(folder, &["rs"])).collect()
}

/// The lines of all `files` in which one of `marks` stands, as a list to be shown.
fn lines_with(files: &[(String, String)], marks: &[&str]) -> Vec<String> {
    let lines = files.iter().flat_map(|(name, text)| text.lines().zip(1..).map(move |(line, number)| (name, number, line)));
    let found = lines.filter(|(_, _, line)| marks.iter().any(|mark| line.contains(mark)));
    found.map(|(name, number, line)| format!("{name}:{number}: {}", line.trim())).collect()
}

fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn files_are_small() {
    let mut all = sources();
    all.extend(files("web", &["css", "js"]));
    all.extend(files("templates", &["html"]));
    let mut sizes: Vec<(usize, &str)> = all.iter().map(|(name, text)| (text.lines().count(), name.as_str())).collect();
    sizes.sort_unstable();
    let at = |percent: usize| sizes[(sizes.len() - 1) * percent / 100];
    assert!(at(50).0 <= 120, "half of the files have more than {} lines", at(50).0);
    assert!(at(90).0 <= 350, "a tenth of the files have more than {} lines", at(90).0);
    let too_long: Vec<String> =
        sizes.iter().filter(|(lines, _)| *lines > 600).map(|(lines, name)| format!("{name}: {lines} lines")).collect();
    assert_none(&too_long);
}

#[test]
fn lints_are_expected_with_a_reason_never_allowed() {
    let mut all = sources();
    all.extend(files("tests", &["rs"]));
    // Put together here, so that this line is not one of them.
    assert_none(&lines_with(&all, &[concat!("#[", "allow("), concat!("#![", "allow(")]));
}

#[test]
fn templates_hold_no_script_and_no_style() {
    let templates = files("templates", &["html"]);
    let mut found = lines_with(&templates, &[" style=", "javascript:"]);
    for (name, text) in &templates {
        for tag in text.split('<').skip(1).filter_map(|tag| tag.split_once('>')).map(|(tag, _)| tag) {
            let handler = tag.split_whitespace().skip(1).find(|word| word.starts_with("on") && word.contains('='));
            found.extend(handler.map(|handler| format!("{name}: {handler} in <{tag}>")));
            let inline = tag.starts_with("style") || (tag.starts_with("script") && !tag.contains(" src="));
            found.extend(inline.then(|| format!("{name}: <{tag}>")));
        }
    }
    assert_none(&found);
}

/// Everything else in a template is escaped.
#[test]
fn only_rendered_markdown_goes_into_a_page_as_it_is() {
    let mut found = lines_with(&files("templates", &["html"]), &["|safe", "| safe"]);
    // Rendered Markdown: of a message, and of an answer that is being written.
    found.retain(|line| !["templates/messages/_parts.html:", "templates/answers/_running.html:"].iter().any(|file| line.starts_with(file)));
    assert_none(&found);
}

#[test]
fn scripts_never_parse_text_as_html_or_code() {
    let marks = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "createContextualFragment"];
    assert_none(&lines_with(&files("web/js", &["js"]), &marks));
}

/// The page, the filter and the export know an event by its type.
#[test]
fn every_event_that_is_written_has_words() {
    let (mut seen, mut unknown) = (0, Vec::new());
    for (name, text) in sources() {
        for call in text.split("audit::record(").skip(1).filter_map(|rest| rest.split(';').next()) {
            for action in call.split('"').skip(1).step_by(2).filter(|action| action.contains('.') && !action.contains(' ')) {
                seen += 1;
                unknown.extend(takeback::audit::types::known(action).is_none().then(|| format!("{name}: {action}")));
            }
        }
    }
    assert!(seen >= 20, "{seen} events are too few to be all");
    assert_none(&unknown);
}

#[test]
fn direct_dependencies_stay_under_sixty() {
    let mut names = BTreeSet::new();
    for manifest in ["Cargo.toml", "crates/markdown/Cargo.toml", "crates/transcripts/Cargo.toml"] {
        let manifest: toml::Table = std::fs::read_to_string(root().join(manifest)).unwrap().parse().unwrap();
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            names.extend(manifest.get(section).and_then(toml::Value::as_table).into_iter().flat_map(|table| table.keys().cloned()));
        }
    }
    assert!(names.contains("axum"));
    assert!(names.len() < 60, "{} direct dependencies: {names:?}", names.len());
}
