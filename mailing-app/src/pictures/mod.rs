//! Pictures of the blog and of users: decoded within limits and written anew, beside everything else (S34).

mod decode;
mod render;
#[cfg(test)]
mod samples;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use image::RgbImage;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use mailing_core::ports::{Clock, PictureError, Pictures};
use mailing_core::post::{PictureFault, Rendition, Renditions};

/// Pictures that are decoded at once: each may take hundreds of megabytes.
const AT_ONCE: usize = 1;
/// Pictures that may wait for that; more are told to come again.
const QUEUE: usize = 4;
/// How long decoding may take.
const PATIENCE: TimeDelta = TimeDelta::seconds(5);

/// Pictures on the blocking pool, one after the other.
pub(crate) struct ImagePictures {
    clock: Arc<dyn Clock>,
    places: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    patience: TimeDelta,
}

impl ImagePictures {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            places: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(AT_ONCE + QUEUE)),
            patience: PATIENCE,
        }
    }
}

#[async_trait]
impl Pictures for ImagePictures {
    async fn render(&self, file: Vec<u8>) -> Result<Renditions, PictureError> {
        self.made(file, render::render).await
    }

    async fn portrait(&self, file: Vec<u8>) -> Result<Rendition, PictureError> {
        self.made(file, render::portrait).await
    }
}

impl ImagePictures {
    /// What `make` makes of the picture in a file.
    async fn made<T: Send + 'static>(
        &self,
        file: Vec<u8>,
        make: fn(&RgbImage) -> Result<T, PictureFault>,
    ) -> Result<T, PictureError> {
        let queue = Arc::clone(&self.queue);
        let _waiting = queue.try_acquire_owned().map_err(|_| PictureError::Busy)?;
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| PictureError::Busy)?;
        let work = spawn_blocking(move || {
            // Nothing stops a thread: its place is free again when it has really ended.
            let _place = place;
            decode::decode(&file).and_then(|image| make(&image))
        });
        let too_late = self.clock.now() + self.patience;
        tokio::select! {
            biased;
            () = self.clock.sleep_until(too_late) => Err(PictureFault::Slow.into()),
            // A decoder that panicked has met a file that nobody should trust.
            done = work => done.unwrap_or(Err(PictureFault::Damaged)).map_err(PictureError::Refused),
        }
    }
}

#[cfg(test)]
mod tests {
    use mailing_core::post::Dimensions;

    use super::samples::{drawing, jpeg, png, turned};
    use super::*;
    use crate::system::SystemClock;

    fn pictures() -> ImagePictures {
        ImagePictures::new(Arc::new(SystemClock))
    }

    #[tokio::test]
    async fn a_picture_comes_back_in_all_sizes() {
        let rendered = pictures().render(png(&drawing(1_600, 1_200))).await;
        let rendered = rendered.unwrap();
        let sizes = [&rendered.card, &rendered.page].map(|r| r.dimensions);
        assert_eq!(
            sizes.map(|d| (d.width, d.height)),
            [(640, 360), (1_216, 912)]
        );
    }

    #[tokio::test]
    async fn a_users_picture_comes_back_as_a_square_of_nothing_but_pixels() {
        let file = turned(&jpeg(&drawing(1_600, 1_200)), 6);
        let portrait = pictures().portrait(file).await.unwrap();
        let Dimensions { width, height } = portrait.dimensions;
        assert_eq!((width, height), (256, 256));
        assert_eq!(
            decode::decode(&portrait.data).unwrap().dimensions(),
            (256, 256)
        );
        assert!(!portrait.data.windows(4).any(|part| part == b"Exif"));
        let refused = pictures().portrait(b"<svg/>".to_vec()).await;
        assert_eq!(refused.unwrap_err(), PictureFault::Type.into());
    }

    #[tokio::test]
    async fn more_than_can_wait_are_told_to_come_again() {
        let pictures = pictures();
        let all = u32::try_from(AT_ONCE + QUEUE).unwrap();
        let _taken = pictures.queue.acquire_many(all).await.unwrap();
        let refused = pictures.render(png(&drawing(2, 2))).await;
        assert_eq!(refused.unwrap_err(), PictureError::Busy);
    }

    #[tokio::test]
    async fn what_takes_too_long_is_given_up_and_keeps_its_place_until_it_ends() {
        let mut pictures = pictures();
        pictures.patience = TimeDelta::zero();
        let slow = pictures.render(png(&drawing(600, 600))).await;
        assert_eq!(slow.unwrap_err(), PictureFault::Slow.into());
        let ended = pictures.places.acquire().await;
        assert!(ended.is_ok());
    }
}
