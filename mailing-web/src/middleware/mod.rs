//! What every request passes, from the outside inwards: [`outer`] gives it an id and its answer the
//! headers, [`visitor`] finds out who asks and turns errors into pages, [`limits`] refuses what is
//! too large or not for us, [`rate`] what comes too often, [`forms`] checks the token of forms.

mod forms;
mod headers;
mod limits;
mod outer;
mod rate;
mod visitor;

pub(crate) use forms::{INTAKE_MAX, STREAMED_MAX, check_form};
pub(crate) use headers::Policy;
pub(crate) use limits::check_limits;
pub(crate) use outer::outermost;
pub(crate) use rate::{Rates, check_rate};
pub(crate) use visitor::with_visitor;
