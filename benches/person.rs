//! Somebody who is signed in.

use std::path::Path;

use reqwest::{Client, Response, redirect::Policy};

use super::server::{PROGRAM, Server};

pub(crate) const EMAIL: &str = "ada@example.org";
const PASSWORD: &str = "correct horse battery staple";

/// Makes the account.
pub(crate) fn add(data: &Path, database: Option<&str>) {
    let mut command = std::process::Command::new(PROGRAM);
    command.args(["users", "add", "--email", EMAIL, "--name", "Ada", "--password-stdin"]).arg("--data").arg(data);
    command.args(database.iter().flat_map(|url| ["--database", url]));
    let mut child = command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), PASSWORD.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

/// A browser in which that person is signed in.
pub(crate) async fn sign_in(server: &Server) -> Client {
    let client = Client::builder().cookie_store(true).redirect(Policy::none()).no_gzip().no_brotli().build().unwrap();
    let password = PASSWORD.replace(' ', "+");
    let reply = post(&client, server.url("/signin"), format!("email={}&password={password}", EMAIL.replace('@', "%40"))).await;
    assert_eq!(reply.status(), 303);
    client
}

/// Sends a form.
pub(crate) async fn post(client: &Client, url: String, form: String) -> Response {
    let request = client.post(url).header("content-type", "application/x-www-form-urlencoded").header("sec-fetch-site", "same-origin");
    request.body(form).send().await.unwrap()
}
