//! temp
use std::time::Instant;
fn main() {
    let pieces: Vec<String> = std::env::args().skip(1).map(|a| a.replace("\\n", "\n").replace("\\0", "\0")).collect();
    for p in pieces {
        for kb in [50usize, 100, 200] {
            let m = p.repeat(kb * 1000 / p.len());
            let t = Instant::now();
            let n = takeback_markdown::render(&m).as_str().len();
            println!("{p:?} {kb}KB {:?} out {n}", t.elapsed());
        }
    }
}
