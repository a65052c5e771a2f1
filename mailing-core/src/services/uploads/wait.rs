//! Waiting where a function is called.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Waits for a future on this thread, which may do so inside of another one that is waited for. For
/// readers of files, which cannot be asynchronous; never on a thread that serves others.
pub fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let signal = Arc::new(Signal {
        thread: thread::current(),
        given: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&signal));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        while !signal.given.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

struct Signal {
    thread: Thread,
    given: AtomicBool,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.given.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_inside_of_waiting_loses_no_signal() {
        let (sender, receiver) = futures::channel::oneshot::channel::<u8>();
        let outer = async {
            let (inner_sender, inner) = futures::channel::oneshot::channel::<u8>();
            let helper = thread::spawn(move || {
                sender.send(1).unwrap();
                inner_sender.send(2).unwrap();
            });
            let second = wait(inner).unwrap();
            helper.join().unwrap();
            (receiver.await.unwrap(), second)
        };
        assert_eq!(wait(outer), (1, 2));
    }
}
