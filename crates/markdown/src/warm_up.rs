//! What the first rendering would have to wait for.

/// Code in the languages that answers hold most, with what most code holds: comments, strings, numbers, definitions.
/// A grammar's expressions are compiled when a text first comes to them.
const SAMPLES: &[(&str, &str)] = &[
    (
        "bash",
        "#!/bin/sh\n# a\nexport A=\"$B\"\nif [ -f \"$1\" ]; then echo 'c' | grep -v d > e; fi\nfor f in *.txt; do rm -f \"$f\"; done\n",
    ),
    ("c", "#include <stdio.h>\n/* a */\nint main(void) { int b = 1; printf(\"%d\\n\", b); return 0; } // c\n"),
    ("cpp", "#include <vector>\ntemplate <class T> class A : public B { std::vector<T> c; auto d() const { return \"e\"; } };\n"),
    ("csharp", "using System;\n// a\npublic class A { public async Task<int> B(string c) { return $\"{c}\".Length + 1; } }\n"),
    ("css", "/* a */\n@media (min-width: 1px) { .a > #b:hover { color: #fff; margin: 0 1em; } }\n"),
    ("diff", "--- a\n+++ b\n@@ -1 +1 @@\n-c\n+d\n"),
    ("dockerfile", "FROM a:1\nRUN b && c\nCOPY . /d\nCMD [\"e\"]\n"),
    ("go", "package a\n\nimport \"fmt\"\n\n// b\nfunc c(d []string) error { for i, e := range d { fmt.Println(i, e) }; return nil }\n"),
    (
        "html",
        "<!DOCTYPE html>\n<!-- a -->\n<div class=\"b\" id='c'>&amp;<script>let d = 1;</script><style>e { color: red }</style></div>\n",
    ),
    ("java", "import java.util.List;\n/** a */\npublic class A { @Override public String b(int c) { return \"d\" + c; } }\n"),
    (
        "javascript",
        "// a\nimport { b } from 'c';\nexport async function d(e) { const f = await g(`${e}`, 1); return { f, h: () => /i/.test(e) }; }\n",
    ),
    ("json", "{\"a\": [1, true, null, \"b\\n\"]}\n"),
    ("kotlin", "fun main() { val a: Int = 1 // b\n println(\"$a\") }\n"),
    ("php", "<?php\n// a\nfunction b($c) { return \"d {$c}\" . 'e'; }\n"),
    ("python", "import a\n\n@b\nclass C(D):\n    \"\"\"e\"\"\"\n    def f(self, g: int = 1) -> str:\n        return f\"{g}\"  # h\n"),
    ("ruby", "# a\nclass B < C\n  def d(e) = \"#{e}\"\nend\n[1].each { |f| puts :g }\n"),
    (
        "rust",
        "//! a\nuse b::C;\n#[derive(Debug)]\npub struct D<'e> { f: &'e str }\nimpl D<'_> { fn g(&self) -> u8 { format!(\"{}\", 1).len() as u8 } }\n",
    ),
    ("sql", "-- a\nSELECT b, COUNT(*) FROM c JOIN d ON c.e = d.e WHERE f = 'g' AND h > 1 GROUP BY b;\n"),
    ("swift", "import A\nfunc b(c: Int) -> String { let d = \"\\(c)\"; return d } // e\n"),
    ("toml", "# a\n[b]\nc = \"d\"\ne = [1, true]\n"),
    ("tsx", "const A: React.FC<{ b: string }> = ({ b }) => <div className=\"c\" onClick={() => d(1)}>{b}</div>;\n"),
    (
        "typescript",
        "interface A<T> { b: string; c?: T }\nexport const d = async (e: A<number>): Promise<void> => { await f(`${e.b}`); };\n",
    ),
    ("xml", "<?xml version=\"1.0\"?>\n<a b=\"c\"><!-- d --></a>\n"),
    ("yaml", "# a\nb:\n  - c: \"d\"\n    e: 1\n"),
];

/// Loads what the first rendering would load: grammars, symbols of formulas, the sanitizer's lists. Takes about a second
/// of one processor, so a server calls it once, beside its start.
pub fn warm_up() {
    let mut text = String::from("**a** [b](https://c.example) $x^2$\n\n| d |\n|---|\n");
    for (language, code) in SAMPLES {
        text.push_str("\n```");
        text.push_str(language);
        text.push('\n');
        text.push_str(code);
        text.push_str("```\n");
        // One at a time: each has the time that highlighting may take in a message for itself.
        crate::render(&text);
        text.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_highlighted() {
        for (language, code) in SAMPLES {
            let html = crate::render(&format!("```{language}\n{code}```\n"));
            assert!(html.as_str().contains("<span class=\""), "{language}: {html}");
        }
        warm_up();
    }
}
