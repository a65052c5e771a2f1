# States. The word depends on the thing, so each thing has keys of its own.
mailing-state-draft = Draft
mailing-state-created = Created
mailing-state-running = Running
mailing-state-paused = Paused
mailing-state-disabled = Disabled
mailing-state-finished = Finished

run-state-due = Waiting
run-state-freezing = Preparing
run-state-running = Running
run-state-paused = Paused
run-state-stopping = Stopping
run-state-success = Success
run-state-partly = Partly
run-state-failure = Failure
run-state-nothing-to-send = Nothing to send
run-state-missed = Missed
run-state-stopped = Stopped

delivery-state-waiting = Waiting
delivery-state-sending = Sending
delivery-state-delivered = Delivered
delivery-state-failed = Failed
delivery-state-suppressed = Suppressed
delivery-state-cancelled = Cancelled
delivery-state-unknown = Unknown

# All numbers of a bar, for those who do not see it.
bar-label = Delivered { $delivered }, failed { $failed }, unknown { $unknown }, suppressed { $suppressed }, cancelled { $cancelled }, waiting { $waiting }

recipient-state-active = Active
recipient-state-unsubscribed = Unsubscribed
recipient-state-bounced = Bounced
recipient-state-complained = Complained
recipient-state-suppressed = Suppressed

user-state-active = Active
user-state-unverified = Address not confirmed
user-state-blocked = Blocked
user-state-deleted = Deleted
