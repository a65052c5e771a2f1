//! Tests of the whole calendar.
