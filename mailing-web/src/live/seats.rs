//! How many streams there may be.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use mailing_core::id::UserId;

/// Streams that one user may have open (S49).
const OF_ONE: u32 = 6;
/// Streams that may be open in all.
const OF_ALL: u32 = 300;

#[derive(Default)]
pub(super) struct Seats(Mutex<BTreeMap<UserId, u32>>);

/// A place that is free again when this is dropped.
pub(crate) struct Seat {
    seats: Arc<Seats>,
    user: UserId,
}

impl Seats {
    pub(super) fn take(seats: &Arc<Self>, user: UserId) -> Option<Seat> {
        let mut taken = seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: u32 = taken.values().sum();
        let own = taken.entry(user).or_default();
        if *own >= OF_ONE || all >= OF_ALL {
            return None;
        }
        *own += 1;
        Some(Seat {
            seats: Arc::clone(seats),
            user,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.user) {
            *own = own.saturating_sub(1);
        }
        taken.retain(|_, own| *own > 0);
    }
}

#[cfg(test)]
mod tests {
    use mailing_core::testing::builders::{id, start};

    use super::*;

    #[test]
    fn a_user_has_few_places_and_all_together_have_many() {
        let seats = Arc::new(Seats::default());
        let ann = id(start());
        let own: Vec<_> = (0..OF_ONE).map(|_| Seats::take(&seats, ann)).collect();
        assert!(own.iter().all(Option::is_some));
        assert!(Seats::take(&seats, ann).is_none());
        let mut others = Vec::new();
        while let Some(seat) = Seats::take(&seats, id(start())) {
            others.push(seat);
        }
        assert_eq!(others.len(), (OF_ALL - OF_ONE) as usize);
        drop((own, others));
        assert!(Seats::take(&seats, ann).is_some());
        assert_eq!(seats.0.lock().unwrap().len(), 0, "nobody is kept in mind");
    }
}
