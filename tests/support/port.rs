//! Ports that nobody else gets.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpSocket;

/// A free port of this machine, kept as long as this lives: it is bound and nobody listens there, so that a connection
/// is refused until its holder binds it once more to listen.
#[derive(Clone)]
pub(crate) struct Port(Arc<TcpSocket>);

impl Port {
    pub(crate) fn take() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        // Linux lets another socket that says so too listen on it, and gives it to nobody who asks for any.
        socket.set_reuseaddr(true).unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        Self(Arc::new(socket))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }
}
