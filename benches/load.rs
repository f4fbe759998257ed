//! wrk on the second core.

use std::process::Command;

/// As many requests as one core can make over 64 connections; answers how many a second were answered.
pub(crate) fn requests_per_second(url: &str, encoding: &str, seconds: u32) -> f64 {
    let output = Command::new("taskset")
        .args(["-c", "1", "wrk", "-t1", "-c64", &format!("-d{seconds}s")])
        .args(["-H", "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"])
        .args(["-H", &format!("Accept-Encoding: {encoding}"), url])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("Non-2xx") && !text.contains("Socket errors"), "{text}");
    let line = text.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
    line.unwrap().trim().parse().unwrap()
}
