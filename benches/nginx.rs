//! nginx on the first core, with the very bytes of our page as files.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::server::free_port;

/// One process, files kept open, no log: nginx at its best.
const CONFIGURATION: &str = "
    daemon off; master_process off; pid FOLDER/nginx.pid; error_log FOLDER/error.log;
    events { worker_connections 1024; }
    http {
        access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100 inactive=1h;
        client_body_temp_path FOLDER/a; proxy_temp_path FOLDER/b; fastcgi_temp_path FOLDER/c; uwsgi_temp_path FOLDER/d; scgi_temp_path FOLDER/e;
        server {
            listen 127.0.0.1:PORT; root FOLDER; default_type 'text/html; charset=utf-8';
            add_header X-Robots-Tag noindex; add_header Cache-Control 'private, no-cache';
            location /gzip { add_header Content-Encoding gzip; }
            location /br { add_header Content-Encoding br; }
        }
    }";

pub(crate) struct Nginx {
    process: Child,
    port: u16,
}

impl Nginx {
    /// Serves the files `identity`, `gzip` and `br` of this folder.
    pub(crate) async fn start(folder: &Path) -> Self {
        let port = free_port();
        let configuration = CONFIGURATION.replace("FOLDER", folder.to_str().unwrap()).replace("PORT", &port.to_string());
        let file = folder.join("nginx.conf");
        std::fs::write(&file, configuration).unwrap();
        let mut command = Command::new("taskset");
        command.args(["-c", "0", "nginx", "-p"]).arg(folder).arg("-c").arg(file).env("PATH", "/usr/sbin:/usr/bin:/bin");
        let process = command.stderr(Stdio::null()).spawn().unwrap();
        let nginx = Self { process, port };
        for _ in 0..1_000 {
            if reqwest::get(nginx.url("identity")).await.is_ok() {
                return nginx;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        unreachable!("nginx does not start")
    }

    pub(crate) fn url(&self, encoding: &str) -> String {
        format!("http://127.0.0.1:{}/{encoding}", self.port)
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
