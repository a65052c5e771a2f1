//! Tables for people.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, CellAlignment};

/// Rows under a head, columns as wide as they need.
pub(crate) struct Table(comfy_table::Table);

impl Table {
    /// A table with these column names.
    pub(crate) fn new(head: impl IntoIterator<Item = String>) -> Self {
        let mut table = comfy_table::Table::new();
        table.load_style(NOTHING);
        table.set_header(
            head.into_iter()
                .map(|name| Cell::new(name).add_attribute(Attribute::Bold)),
        );
        Self(table)
    }

    /// Puts the figures of these columns to the right.
    pub(crate) fn figures(mut self, columns: &[usize]) -> Self {
        for column in columns {
            if let Some(column) = self.0.column_mut(*column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        self
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.0.add_row(cells.into_iter().map(Cell::new));
    }

    /// The table as text.
    pub(crate) fn draw(&self) -> String {
        self.0.trim_fmt()
    }
}
