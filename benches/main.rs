//! What `bin/bench` runs: the release binary measured from outside, beside nginx where there is something to compare
//! with, everything in one run on one machine. Prints Markdown.
//!
//! The server has the first core and the load the second, so neither takes from the other. Runs of ours and of nginx
//! alternate, and medians are compared, so that a machine that gets slower or faster meanwhile hurts both.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that can't go on has nothing else to say")]

mod answers;
mod fill;
mod guests;
mod import;
mod links;
mod load;
mod many;
mod memory;
mod nginx;
mod person;
mod postgres;
mod revoke;
mod sample;
mod search;
mod server;
mod upstream;
mod views;
mod wire;

/// The middle one of the values, or the upper of the two.
fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap());
    values[values.len() / 2]
}

fn main() {
    takeback::providers::tls::install();
    // cargo says `--bench`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        println!("{}\n", machine());
        if is_wanted("memory") {
            memory::measure().await;
        }
        if is_wanted("views") {
            views::measure().await;
        }
        if is_wanted("wire") {
            wire::measure().await;
        }
        if is_wanted("revoke") {
            revoke::measure().await;
        }
        if is_wanted("import") {
            import::measure().await;
        }
        server::stand_aside();
        if is_wanted("links") {
            links::measure().await;
        }
        if is_wanted("answers") {
            answers::measure().await;
        }
        if is_wanted("guests") {
            guests::measure().await;
        }
        if is_wanted("search") {
            search::measure().await;
        }
    });
}

/// What was measured on.
fn machine() -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    format!(
        "Measured on {cores} cores of {} (load before: {load}), Takeback {}, by `bin/bench`.",
        model.trim_start_matches([' ', '\t', ':']),
        env!("CARGO_PKG_VERSION")
    )
}
