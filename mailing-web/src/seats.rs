//! Places of which everybody has a few and all together have many (S49).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Who holds how many places.
#[derive(Debug)]
pub(crate) struct Seats<Who> {
    of_all: u32,
    taken: Mutex<BTreeMap<Who, u32>>,
}

/// A place that is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Seat<Who: Ord> {
    seats: Arc<Seats<Who>>,
    who: Who,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// One's own are taken.
    Own,
    /// All are.
    All,
}

impl<Who: Ord + Clone> Seats<Who> {
    /// So many places in all.
    pub(crate) fn new(of_all: u32) -> Arc<Self> {
        Arc::new(Self {
            of_all,
            taken: Mutex::default(),
        })
    }

    /// A place for somebody who may hold `of_one`.
    ///
    /// # Errors
    /// Whose places are taken.
    pub(crate) fn take(self: &Arc<Self>, who: Who, of_one: u32) -> Result<Seat<Who>, Full> {
        // A panic elsewhere leaves numbers that are whole.
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.get(&who).copied().unwrap_or_default();
        if own >= of_one {
            return Err(Full::Own);
        }
        if taken.values().sum::<u32>() >= self.of_all {
            return Err(Full::All);
        }
        taken.insert(who.clone(), own + 1);
        Ok(Seat {
            seats: Arc::clone(self),
            who,
        })
    }
}

impl<Who: Ord> Drop for Seat<Who> {
    fn drop(&mut self) {
        let taken = self.seats.taken.lock();
        let mut taken = taken.unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.who) {
            *own = own.saturating_sub(1);
        }
        taken.retain(|_, own| *own > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_few_places_and_all_together_have_many() {
        let seats = Seats::new(5);
        let own: Vec<_> = (0..3).map(|_| seats.take("ann", 3).unwrap()).collect();
        assert_eq!(seats.take("ann", 3).unwrap_err(), Full::Own);
        let others = [seats.take("bob", 3).unwrap(), seats.take("eve", 3).unwrap()];
        assert_eq!(seats.take("bob", 3).unwrap_err(), Full::All);
        drop(own);
        seats.take("bob", 3).unwrap();
        drop(others);
        seats.take("ann", 3).unwrap();
        assert_eq!(
            seats.taken.lock().unwrap().len(),
            0,
            "nobody is kept in mind"
        );
    }
}
