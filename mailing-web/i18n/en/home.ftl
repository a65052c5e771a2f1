home-title = Every message accounted for
home-say = Add recipients, write a message, pick a time. The mailing goes out by itself, once or on a schedule, and you see who got it, who did not, and why.
home-to-overview = To the overview
home-example-label = An example of a finished run
home-example-name = Winter collection
home-example-lead = { $n ->
    [one] Monday, 09:00. { $n } recipient
   *[other] Monday, 09:00. { $n } recipients
}
home-counts-label = The service in numbers
home-count-mailings = Mailings
home-count-active = Active
home-count-recipients = Unique recipients
home-as-of = Counted { $when }, refreshed once a minute
home-no-counts = The numbers cannot be counted right now. Everything else works on.

login-title = Sign in
login-first = Sign in to open this page.
login-demo = The terminal in which the demo was started shows addresses and passwords, such as that of anna@example.com.

overview-greeting = { $n ->
    [0] Welcome, { $name }. Everything is ready.
    [one] Welcome, { $name }. One step to your first mailing.
    [2] Welcome, { $name }. Two steps to your first mailing.
    [3] Welcome, { $name }. Three steps to your first mailing.
   *[other] Welcome, { $name }. { $n } steps to your first mailing.
}
overview-count-recipients = Recipients
overview-running = Sending now
overview-next = Next sends
overview-next-empty = Nothing is planned. The next sends of your mailings will stand here.
step-address = Confirm your address
step-recipients = Add recipients
step-message = Write a message
step-mailing = Create a mailing
step-address-do = Open settings
step-recipients-do = Add
step-message-do = Write
step-mailing-do = Create
overview-attention = Needs attention
overview-running-all = Sending now in the whole service
overview-conspicuous = Many failures in 30 days
overview-conspicuous-none = No mailing fails for 10% of its recipients or more.
overview-disabled-none = No mailing is disabled.
overview-all = Show all
overview-sent = { $count } sent
attention-show = Show
attention-decide = Decide
attention-server = The mail server does not answer
attention-server-note = Messages wait, next try at { $when }.
attention-disabled = A manager has disabled “{ $name }”
attention-paused = “{ $name }” is paused
attention-held = “{ $name }” is not being sent
attention-failed = { $n ->
    [one] { $n } failure in 7 days
   *[other] { $n } failures in 7 days
}
attention-failed-note = The last such run shows the causes. Addresses that do not exist are on the suppression list already.
attention-unknown = { $n ->
    [one] { $n } message with an unknown outcome
   *[other] { $n } messages with an unknown outcome
}
attention-unknown-note = The connection broke after the hand-over. Send again or leave?
attention-sender = Sender { $address } is not confirmed
attention-sender-note = Until it is confirmed nothing is sent from it.
overview-lately = Last 30 days
