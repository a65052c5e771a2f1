//! A file that lies in the store, read piece by piece.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use super::wait::wait;
use crate::id::UploadId;
use crate::policy::View;
use crate::recipient::import::{Import, UploadPart};
use crate::services::ServicePorts;

/// Is told before each piece how many octets are read; an error ends the reading.
pub(super) type OnPiece<'a> = dyn FnMut(u64) -> io::Result<()> + Send + 'a;

/// Reads where it is called, and waits for the store there. One piece is in memory.
pub(super) struct PieceReader<'a> {
    ports: &'a ServicePorts,
    scope: &'a View<Import>,
    id: UploadId,
    pieces: u32,
    on_piece: &'a mut OnPiece<'a>,
    next: u32,
    piece: Vec<u8>,
    at: usize,
    octets: u64,
}

impl<'a> PieceReader<'a> {
    /// The first `pieces` pieces of a file.
    pub(super) const fn new(
        ports: &'a ServicePorts,
        scope: &'a View<Import>,
        (id, pieces): (UploadId, u32),
        on_piece: &'a mut OnPiece<'a>,
    ) -> Self {
        Self {
            ports,
            scope,
            id,
            pieces,
            on_piece,
            next: 0,
            piece: Vec::new(),
            at: 0,
            octets: 0,
        }
    }

    fn load(&mut self) -> io::Result<()> {
        (self.on_piece)(self.octets)?;
        let (ports, scope, id, number) = (self.ports, self.scope, self.id, self.next);
        let read = wait(async {
            let mut unit = ports.store.read().await?;
            let uploads = unit.uploads();
            uploads.piece(scope, id, UploadPart::File, number).await
        });
        let piece = read.map_err(io::Error::other)?;
        // Somebody has dropped the file meanwhile.
        self.piece = piece.ok_or(io::ErrorKind::NotFound)?;
        self.at = 0;
        self.next += 1;
        self.octets += self.piece.len() as u64;
        Ok(())
    }
}

impl BufRead for PieceReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.piece.len() && self.next < self.pieces {
            self.load()?;
        }
        Ok(self.piece.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.piece.len());
    }
}

impl Read for PieceReader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut from = self.fill_buf()?;
        let read = from.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl Seek for PieceReader<'_> {
    /// To the beginning; nobody needs more.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if to != SeekFrom::Start(0) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        (self.next, self.at, self.octets) = (0, 0, 0);
        self.piece = Vec::new();
        Ok(0)
    }
}
