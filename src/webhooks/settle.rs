//! What comes of an attempt: done, tried again later, given up; and an endpoint that nobody can reach is switched off.

use super::endpoint::{Delivery, Progress, State};
use super::send::Answer;
use super::store::{self, Due};
use crate::app::App;
use crate::audit::{self, Via};
use crate::clock::{DAY_MICROS, random_bytes};
use crate::error::Error;
use crate::write_tx;

/// The waits after the first attempt and those that follow, in seconds: those that Standard Webhooks names, a little
/// more than a day together.
const WAITS: [i64; 7] = [5, 5 * 60, 30 * 60, 2 * 3_600, 5 * 3_600, 10 * 3_600, 10 * 3_600];
/// How long an endpoint may fail at everything until it is switched off.
const PATIENCE_MICROS: i64 = 5 * DAY_MICROS;

const SECOND: i64 = 1_000_000;

/// Writes down what came of an attempt.
pub async fn settle(app: &App, due: &Due, answer: Answer) -> Result<(), Error> {
    let now = app.now();
    let attempts = due.attempts + 1;
    let wait = wait(attempts).filter(|_| answer != Answer::Status(410));
    let state = match (answer.is_good(), wait) {
        (true, _) => Progress::Delivered,
        (false, Some(_)) => Progress::Waiting,
        (false, None) => Progress::Failed,
    };
    let settled = Delivery {
        id: due.id.clone(),
        event_type: String::new(),
        state,
        attempts,
        next_at: now + wait.unwrap_or_default(),
        last_at: now,
        last_status: answer.status(),
        problem: answer.words().to_owned(),
        created_at: 0,
    };
    let failing_since = match (answer.is_good(), due.failing_since) {
        (true, _) => 0,
        (false, 0) => now,
        (false, since) => since,
    };
    let switch_off = match answer {
        Answer::Status(410) => Some((State::Gone, "It answered 410 Gone to another event, so the webhook was switched off.")),
        _ if failing_since != 0 && now - failing_since >= PATIENCE_MICROS => {
            Some((State::Failing, "It failed for five days, so the webhook was switched off."))
        }
        _ => None,
    };
    write_tx!(app.db, "settle a webhook", |tx| {
        store::set_failing(tx, &due.endpoint_id, failing_since).await?;
        if store::settle(tx, due, &settled).await?
            && let Some((state, problem)) = switch_off
            && store::switch_off(tx, &due.endpoint_id, state).await?
        {
            store::give_up(tx, &due.endpoint_id, problem).await?;
            audit::record(tx, now, &due.user_id, "webhook_endpoint.disabled", &due.endpoint_id, Via::Server).await?;
        }
        Ok(())
    })
}

/// The wait after so many attempts, a tenth shorter or longer by chance, so that what failed together doesn't come
/// back together; `None`: it is given up.
fn wait(attempts: i64) -> Option<i64> {
    let seconds = usize::try_from(attempts - 1).ok().and_then(|at| WAITS.get(at))?;
    let chance = i64::from(u16::from_be_bytes(random_bytes())) % 201;
    Some(seconds * SECOND / 1_000 * (900 + chance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_become_rare_and_end_after_about_a_day() {
        let all: Vec<i64> = (1..).map_while(wait).collect();
        assert_eq!(all.len(), WAITS.len());
        for (wait, seconds) in all.iter().zip(WAITS) {
            assert!((seconds * SECOND * 9 / 10..=seconds * SECOND * 11 / 10).contains(wait), "{wait} {seconds}");
        }
        assert!((24..=32).contains(&(WAITS.iter().sum::<i64>() / 3_600)));
        assert!((0..20).map(|_| wait(7).unwrap()).collect::<std::collections::HashSet<_>>().len() > 1);
    }
}
