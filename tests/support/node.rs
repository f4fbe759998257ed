//! Another server on a test's database, as a second machine behind the same address would be.

use std::net::SocketAddr;
use std::ops::Deref;

use takeback::app::App;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::app::TestApp;
use super::client::Client;

/// A second server. It derefs to its [`App`]. Dropping it stops it.
pub(crate) struct Node {
    pub(crate) app: App,
    pub(crate) address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl TestApp {
    /// Starts another server on the same database, with the same configuration and clock.
    pub(crate) async fn second(&self) -> Node {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = App::new(self.config.clone(), self.clock.clone()).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = takeback::serve::serve(app.clone(), listener, async {
            let _ = stopped.await;
        });
        tokio::spawn(async { serving.await.unwrap() });
        Node { app, address, _stop: stop }
    }
}

impl Node {
    /// A browser that was led to this server.
    pub(crate) fn anonymous(&self) -> Client {
        Client::new(self.address)
    }
}

impl Deref for Node {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}
