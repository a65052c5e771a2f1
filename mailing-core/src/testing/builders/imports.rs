//! Imports.

use super::{Owner, id, start};
use crate::ports::Store;
use crate::recipient::ListName;
use crate::recipient::import::{Import, ImportMode, ImportOrder, ImportState, ImportSums};

/// An import that has just begun.
#[must_use]
pub fn import() -> ImportBuilder {
    ImportBuilder {
        owner: None,
        list: None,
        hash: 7,
        delimiter: None,
    }
}

/// Builds an import.
#[derive(Debug, Clone)]
pub struct ImportBuilder {
    owner: Option<Owner>,
    list: Option<ListName>,
    hash: u8,
    delimiter: Option<char>,
}

impl ImportBuilder {
    /// Of this owner.
    #[must_use]
    pub fn of(mut self, owner: &Owner) -> Self {
        self.owner = Some(owner.clone());
        self
    }

    /// Into a list of this name.
    #[must_use]
    pub fn into_list(mut self, name: &str) -> Self {
        self.list = Some(ListName::parse(name).unwrap());
        self
    }

    /// Of a file whose hash is this octet over and over.
    #[must_use]
    pub const fn hash(mut self, octet: u8) -> Self {
        self.hash = octet;
        self
    }

    /// Of a file whose cells this separates.
    #[must_use]
    pub const fn delimiter(mut self, delimiter: char) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// The import, of nobody in particular and in no store.
    #[must_use]
    pub fn build(self) -> Import {
        let owner = self.owner.as_ref().map_or_else(|| id(start()), Owner::id);
        Import {
            id: id(start()),
            owner,
            order: ImportOrder {
                hash: [self.hash; 32],
                list: self.list,
                mapping: "email=1".to_owned(),
                mode: ImportMode::Skip,
                encoding: "UTF-8".to_owned(),
                delimiter: self.delimiter,
            },
            octets: 1_000,
            state: ImportState::Running,
            line: 0,
            sums: ImportSums::default(),
            rejected: 0,
            list: None,
            created_at: start(),
            updated_at: start(),
        }
    }

    /// The import in the store.
    pub async fn saved(self, store: &dyn Store) -> Import {
        let of = super::recipients::owner_or_new(self.owner.as_ref(), store).await;
        let import = self.of(&of).build();
        let mut unit = store.write().await.unwrap();
        unit.imports().insert(&of.edit(), &import).await.unwrap();
        unit.commit().await.unwrap();
        import
    }
}
