mailings-tabs-label = Mailings by state
mailings-tab-all = All
mailings-tab-running = Running
mailings-tab-created = Created
mailings-tab-draft = Drafts
mailings-tab-paused = Paused
mailings-tab-disabled = Disabled
mailings-tab-finished = Finished
mailings-col-name = Mailing
mailings-col-state = State
mailings-col-next = Next send
mailings-col-made = Created
mailings-none-here = There are no mailings in this state.
mailings-empty-title = No mailings yet
mailings-empty-text = Your mailings will stand here: what they are doing, when they send next, what came of each run.

mailing-disabled = A manager disabled this mailing on { $when }: { $reason } Nothing more is sent. If you disagree, write to the administrator.
mailing-runs = Runs
mailing-no-runs = Nothing sent yet. Every run will stand here with its numbers.
runs-col-when = When
runs-col-state = Outcome
runs-col-delivered = Delivered
runs-col-failed = Failed

forecast-title = Forecast
forecast-none = Nothing more is planned.
forecast-lead = { $n ->
    [one] { $n } recipient each time.
   *[other] { $n } recipients each time.
}
forecast-held = The calendar says so, but nothing is sent while the mailing is held.
forecast-more = And so on.
forecast-note-gap = clocks go forward
forecast-note-fold = clocks go back
forecast-note-month-end = last day of the month
forecast-note-merged = several at once
