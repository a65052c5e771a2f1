//! A message made ready once, to be filled for each recipient.

use super::piece::{Piece, fill, filled_len};
use super::template::{Place, Placeholder, Values, Variable, escape};

/// Longest text or HTML part once filled, in octets.
pub const OUTPUT_MAX: usize = 1 << 20;

/// A place for a value, with all that is needed to fill it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Whose value is put here.
    pub variable: Variable,
    /// What is put here when there is none.
    pub default: Option<String>,
    /// Where it stands, which says how it is escaped.
    pub place: Place,
}

/// A subject, a text and an HTML part in pieces. A piece's slot is an index into `slots`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compiled {
    /// The subject, not yet encoded.
    pub subject: Vec<Piece>,
    /// The plain text part.
    pub text: Vec<Piece>,
    /// The HTML part, a whole page.
    pub html: Vec<Piece>,
    /// The places, each different.
    pub slots: Vec<Slot>,
}

/// A message filled for one recipient, as a preview shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject, not yet encoded.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part, a whole page.
    pub html: String,
}

/// A part would be longer than [`OUTPUT_MAX`] with this recipient's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the message would be longer than {OUTPUT_MAX} octets")]
pub struct OutputTooLarge;

impl Compiled {
    /// The values for the slots, in their order, each escaped for its place.
    ///
    /// # Errors
    /// [`OutputTooLarge`] when a part filled with them would exceed [`OUTPUT_MAX`].
    pub fn values(&self, who: &Values<'_>) -> Result<Vec<String>, OutputTooLarge> {
        let values: Vec<_> = self.slots.iter().map(|slot| slot.fill(who)).collect();
        let fits = [&self.text, &self.html]
            .iter()
            .all(|part| filled_len(part, &values) <= OUTPUT_MAX);
        fits.then_some(values).ok_or(OutputTooLarge)
    }

    /// The message as this recipient gets it.
    ///
    /// # Errors
    /// [`OutputTooLarge`] as for [`values`](Self::values).
    pub fn fill(&self, who: &Values<'_>) -> Result<Rendered, OutputTooLarge> {
        let values = self.values(who)?;
        Ok(Rendered {
            subject: fill(&self.subject, &values),
            text: fill(&self.text, &values),
            html: fill(&self.html, &values),
        })
    }

    /// The slot of a placeholder in a place, made when there is none yet.
    pub(super) fn slot(&mut self, placeholder: &Placeholder, place: Place) -> Piece {
        let slot = Slot {
            variable: placeholder.variable.clone(),
            default: placeholder.default.clone(),
            place,
        };
        let known = self.slots.iter().position(|known| *known == slot);
        Piece::Slot(known.unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        }))
    }
}

impl Slot {
    fn fill(&self, who: &Values<'_>) -> String {
        match who.value(&self.variable) {
            Some(value) => escape(self.place, &value),
            None => escape(self.place, self.default.as_deref().unwrap_or_default()),
        }
    }
}
