//! A provider that is asked over the network.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};

use super::address::{self, Reach};
use super::failure::{self, Cause};
use super::frames::Frames;
use super::pieces::Pieces;
use super::provider::{Failure, Listed, Piece, Provider, Question};
use super::resolver::{Checked, Lookup};
use super::settings::ProviderSettings;
use super::{ask, client, listing};

/// One endpoint that speaks one of the wire formats.
pub struct Remote {
    settings: ProviderSettings,
    patience: Duration,
    /// Or why it can't be asked at all.
    clients: Result<Clients, Cause>,
}

struct Clients {
    http: reqwest::Client,
    library: genai::Client,
}

impl Remote {
    /// Makes it, connecting to nobody yet. `patience`: the longest silence that is waited through.
    pub fn new(settings: ProviderSettings, reach: Reach, lookup: Arc<dyn Lookup>, patience: Duration) -> Self {
        let clients = clients(&settings, reach, lookup);
        Self { settings, patience, clients }
    }

    /// What it was made from.
    pub fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    fn fail(&self, cause: Cause) -> Failure {
        failure::of(cause, &self.settings.name)
    }
}

fn clients(settings: &ProviderSettings, reach: Reach, lookup: Arc<dyn Lookup>) -> Result<Clients, Cause> {
    // Numbers go to no resolver, so they are looked at here.
    let url = address::check(&settings.base_url, reach).map_err(Cause::Address)?;
    let http = client::build(&url, Checked { lookup, reach }).map_err(|_| Cause::NoCertificates)?;
    let library = genai::Client::builder().with_reqwest(http.clone()).build().map_err(|_| Cause::Nonsense)?;
    Ok(Clients { http, library })
}

impl Provider for Remote {
    fn answer(&self, question: Question) -> BoxStream<'static, Result<Piece, Failure>> {
        let library = match &self.clients {
            Ok(clients) => clients.library.clone(),
            Err(cause) => return stream::iter([Err(self.fail(*cause))]).boxed(),
        };
        if !ask::can_format(self.settings.kind, &question) {
            return stream::iter([Err(self.fail(Cause::NoFormat))]).boxed();
        }
        let (settings, patience) = (self.settings.clone(), self.patience);
        let begin = async move {
            let frames = Arc::new(Frames::default());
            let options = ask::options(&settings, &question, patience, frames.clone());
            let target = ask::target(&settings, &question.model);
            // Nothing is sent before the stream is asked for its first piece.
            match library.exec_chat_stream(target, ask::request(&question), Some(&options)).await {
                Ok(answer) => Pieces::new(answer.stream, settings.kind, &settings.name, frames).boxed(),
                Err(error) => stream::iter([Err(failure::of(failure::cause(&error), &settings.name))]).boxed(),
            }
        };
        begin.flatten_stream().boxed()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Listed>, Failure>> {
        async move {
            let clients = self.clients.as_ref().map_err(|cause| self.fail(*cause))?;
            listing::fetch(&clients.http, &self.settings).await.map_err(|cause| self.fail(cause))
        }
        .boxed()
    }
}
