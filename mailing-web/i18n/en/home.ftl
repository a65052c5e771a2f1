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
