//! A conversation like those that people share: 40 messages, questions of some sentences, answers with code, lists
//! and tables. The same words on every run.

use std::fmt::Write;
use std::path::Path;

use super::person;
use super::server::run;

const WORDS: &str = "the a of to in that it is was for on with as be this by at from or an are which one all were when we there can more if no \
    so what up out about who get make go time year people way day man thing woman life child world school state family student group \
    country problem hand part place case week company system program question work government number night point home water room mother \
    area money story fact month lot right study book eye job word business issue side kind head house service friend father power hour \
    game line end member law car city community name president team minute idea body information back parent face others level office \
    door health person art war history party result change morning reason research girl guy moment air teacher force education foot boy";

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn sentence(&mut self) -> String {
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        let chosen: Vec<&str> = (0..8 + self.throw(12)).map(|_| words[self.throw(words.len())]).collect();
        let text = chosen.join(" ");
        format!("{}{}.", text[..1].to_uppercase(), &text[1..])
    }

    fn paragraph(&mut self) -> String {
        (0..2 + self.throw(4)).map(|_| self.sentence()).collect::<Vec<_>>().join(" ")
    }

    fn answer(&mut self) -> String {
        let mut text = format!("{}\n\n**{}**\n\n", self.paragraph(), self.sentence());
        for _ in 0..3 {
            let _ = writeln!(text, "- {}", self.sentence());
        }
        match self.throw(3) {
            0 => {
                let body: String = (0..10).fold(String::new(), |mut code, line| {
                    let _ = writeln!(code, "    total_{line} = price[{}] * {} # {}", self.throw(90), self.throw(900), self.sentence());
                    code
                });
                let _ = write!(text, "\n```python\ndef total(price):\n{body}    return total_0\n```\n");
            }
            1 => {
                text.push_str("\n| First | Second | Third |\n|---|---|--:|\n");
                for _ in 0..5 {
                    let _ = writeln!(text, "| {} | {} | {} |", self.sentence(), self.sentence(), self.throw(10_000));
                }
            }
            _ => text.push_str(&self.paragraph()),
        }
        format!("{text}\n\n{}", self.paragraph())
    }
}

/// Makes an account and a link to the sample; answers the page's path.
pub(crate) fn share(data: &Path, database: Option<&str>) -> String {
    person::add(data, database);
    let mut dice = Dice(1);
    let messages: Vec<_> = (0..40)
        .map(|at| match at % 2 {
            0 => serde_json::json!({"role": "user", "content": dice.paragraph()}),
            _ => serde_json::json!({"role": "assistant", "content": dice.answer()}),
        })
        .collect();
    let file = data.join("sample.json");
    std::fs::write(&file, serde_json::to_vec(&messages).unwrap()).unwrap();
    let url = run(data, database, &["share", file.to_str().unwrap(), "--user", person::EMAIL, "--title", "A question of forty messages"]);
    format!("/share/{}", url.trim().rsplit_once('/').unwrap().1)
}
