# The log of deliveries.
log-lead = Every message to every recipient. Times: { $zone }.
log-of-run = Run of “{ $mailing }”, { $when }
log-file = Download CSV
log-any-mailing = Any
log-other-mailing = The one you came from
log-any-cause = Any
log-col-mailing = Mailing
log-queued = { $n ->
    [one] { $n } message still waits to be sent.
   *[other] { $n } messages still wait to be sent.
}
log-empty = Nothing sent yet. Every message to every recipient will stand here.
log-tired = Nothing found so far. Older messages have not been looked through yet.
log-look-on = Look further
log-older = Older
