//! The languages that are highlighted. A list, not whatever the grammars answer to: a message chooses the name,
//! and some grammars of rare languages are slow on text that isn't theirs.

/// How a language is highlighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// By our own few lines.
    Diff,
    /// By the grammar of this name.
    Grammar(&'static str),
}

/// Names a fence may say, in lower case and separated by blanks, and the grammar's name.
const GRAMMARS: &[(&str, &str)] = &[
    ("ada", "Ada"),
    ("apache htaccess", "Apache Conf"),
    ("asm nasm x86asm assembly", "Assembly (x86_64)"),
    ("awk", "AWK"),
    ("bash sh shell zsh ksh shellscript", "Bourne Again Shell (bash)"),
    ("bat batch cmd dosbatch", "Batch File"),
    ("c h", "C"),
    ("clojure clj cljs edn", "Clojure"),
    ("cmake", "CMake"),
    ("cpp c++ cc cxx hpp hh arduino cuda", "C++"),
    ("crystal cr", "Crystal"),
    ("csharp cs c#", "C#"),
    ("css", "CSS"),
    ("d", "D"),
    ("dart", "Dart"),
    ("dockerfile docker containerfile", "Dockerfile"),
    ("dotenv env", "DotENV"),
    ("elixir ex exs", "Elixir"),
    ("elm", "Elm"),
    ("erb", "HTML (Rails)"),
    ("erlang erl", "Erlang"),
    ("fish", "Fish"),
    ("fortran f90", "Fortran (Modern)"),
    ("fsharp fs f#", "F#"),
    ("glsl", "GLSL"),
    ("go golang", "Go"),
    ("graphql gql", "GraphQL"),
    ("groovy gradle", "Groovy"),
    ("haskell hs", "Haskell"),
    ("html htm xhtml", "HTML"),
    ("http", "HTTP Request and Response"),
    ("ini cfg conf properties desktop", "INI"),
    ("java", "Java"),
    ("javascript js mjs cjs node", "JavaScript"),
    ("jinja jinja2 j2", "Jinja2"),
    ("jq", "JQ"),
    ("json jsonc json5 jsonl ndjson geojson", "JSON"),
    ("julia jl", "Julia"),
    ("kotlin kt kts", "Kotlin"),
    ("latex tex", "LaTeX"),
    ("less", "Less"),
    ("lisp common-lisp elisp emacs-lisp scheme", "Lisp"),
    ("lua", "Lua"),
    ("makefile make mk", "Makefile"),
    ("markdown md", "Markdown"),
    ("matlab octave", "MATLAB"),
    ("nginx", "nginx"),
    ("nim", "Nim"),
    ("nix", "Nix"),
    ("objective-c objectivec objc", "Objective-C"),
    ("ocaml ml", "OCaml"),
    ("pascal delphi", "Pascal"),
    ("perl pl", "Perl"),
    ("php", "PHP"),
    ("protobuf proto", "Protocol Buffer"),
    ("puppet", "Puppet"),
    ("python py python3 py3 ipython pycon", "Python"),
    ("r rscript", "R"),
    ("racket rkt", "Racket"),
    ("rst restructuredtext", "reStructuredText"),
    ("ruby rb", "Ruby"),
    ("rust rs", "Rust"),
    ("sass", "Sass"),
    ("scala", "Scala"),
    ("scss", "SCSS"),
    ("solidity sol", "Solidity"),
    ("sql postgres postgresql mysql sqlite plsql tsql mariadb psql", "SQL"),
    ("svelte", "Svelte"),
    ("swift", "Swift"),
    ("tcl", "Tcl"),
    ("terraform tf hcl", "Terraform"),
    ("toml", "TOML"),
    ("tsx jsx", "TypeScriptReact"),
    ("typescript ts mts cts", "TypeScript"),
    ("verilog systemverilog sv", "Verilog"),
    ("vim viml vimscript", "VimL"),
    ("twig", "HTML (Twig)"),
    ("vue", "Vue Component"),
    ("wgsl", "WGSL"),
    ("xml svg xsd xslt plist", "XML"),
    ("yaml yml", "YAML"),
    ("zig", "Zig"),
];

/// The language a fence names, in any case.
pub(super) fn find(name: &str) -> Option<Language> {
    if ["diff", "patch", "udiff"].iter().any(|diff| name.eq_ignore_ascii_case(diff)) {
        return Some(Language::Diff);
    }
    GRAMMARS
        .iter()
        .find(|(names, _)| names.split(' ').any(|known| known.eq_ignore_ascii_case(name)))
        .map(|(_, grammar)| Language::Grammar(grammar))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::highlight;

    #[test]
    fn every_grammar_exists() {
        let missing: Vec<_> = GRAMMARS.iter().map(|(_, grammar)| grammar).filter(|grammar| !highlight::exists(grammar)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn names_are_unambiguous_and_found_in_any_case() {
        let mut names: Vec<_> = GRAMMARS.iter().flat_map(|(names, _)| names.split(' ')).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert_eq!(find("RuSt"), Some(Language::Grammar("Rust")));
        assert_eq!(find("Diff"), Some(Language::Diff));
        assert_eq!(find(""), None);
        assert_eq!(find("rust rs"), None);
    }
}
