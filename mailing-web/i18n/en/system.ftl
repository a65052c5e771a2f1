# What a look at the service has found: the command doctor and the page of the system.
doctor-configuration = The configuration is read without an error.
doctor-public-url = Recipients reach the service at { $url }.
doctor-public-url-plain = Recipients reach the service at { $url }, which is not https: mail programs will not offer to unsubscribe with one click. Put a proxy with https in front and set server.public_url.
doctor-database = The database answers, is up to date and whole.
doctor-outbox = Mail is kept in { $server } and reaches nobody. Name a mail server in mail.url to send it.
doctor-mail = { $server } answers. The connection is not encrypted.
doctor-mail-encrypted = { $server } answers over an encrypted connection.
doctor-mail-signed-in = { $server } answers over an encrypted connection and accepts the user and the password.
doctor-mail-no-name = There is no such server name as in { $server } ({ $said }). Correct mail.url.
doctor-mail-no-answer = { $server } does not answer ({ $said }). Check that it runs, and the host and port in mail.url.
doctor-mail-encryption = No encrypted connection to { $server } ({ $said }). Check its certificate, or mail.tls and mail.ca_file.
doctor-mail-password = { $server } does not accept the user or the password ({ $said }). Correct them in mail.url.
doctor-mail-refuses = { $server } refuses us ({ $said }). Ask its operator, or choose another server in mail.url.

menu-system = System
system-lead = Mailing { $version }, { $store }, schema { $schema }, cache: { $cache }.
system-check-again = Check again
system-findings = Check
system-examined = { $when }. The command mailing doctor tells the same.
system-server = Mail server
system-server-used = Works
system-server-used-told = { $n ->
    [one] { $n } connection, messages in transfer: { $dialogues }.
   *[other] { $n } connections, messages in transfer: { $dialogues }.
}
system-server-probing = Being tried
system-server-probing-told = One message finds out whether it works; the others wait.
system-server-away = Does not answer
system-server-away-told = Messages wait. Next try at { $until }. Cause: { $why }
system-server-elsewhere = Not here
system-server-elsewhere-told = This process only shows pages. Another one sends: mailing worker or mailing serve.
system-store-trouble = The database does not answer: { $why }
system-journal-trouble = The journal cannot be written, no new message is begun: { $why }
system-clock-skew = { $seconds ->
    [one] The clock of this machine differs from the database's by { $seconds } second. Beyond a minute no run is planned.
   *[other] The clock of this machine differs from the database's by { $seconds } seconds. Beyond a minute no run is planned.
}
system-domain-paused = { $domain } refuses us, next try at { $until }: { $why }
system-domain-limited = { $domain } asks for less, messages at once: { $n }. It said: { $why }
system-queue = Queue
system-queue-deliveries = Messages of mailings
system-queue-letters = The service's own mail
system-queue-waits = { $n ->
    [one] { $n } message, waiting since { $since }
   *[other] { $n } messages, the first waiting since { $since }
}
system-queue-empty = Nothing waits
system-no-store = The database does not answer, so queue and workers cannot be seen.
system-cache = Cache
system-cache-hits = It answers { $share } of what this process asks.
system-cache-idle = Nothing was asked yet.
system-cache-away = The shared cache does not answer: for now each process remembers by itself. Pages work, only slower.
system-workers = Workers
system-col-worker = Machine and process
system-col-since = Runs since
system-col-seen = Last sign of life
system-this = This process
worker-works = Runs
worker-silent = Silent
worker-left = Stopped
system-limits = Rate limits
system-col-target = For what
system-col-rate = Rate
system-col-source = Set by
system-limit-server = Mail server
system-limit-configured = Configuration
system-limit-set = Command mailing rates
system-limits-how = They are changed by the command mailing rates and hold after a few seconds.
rate-per-second = { $n } a second
rate-per-minute = { $n } a minute
rate-per-hour = { $n } an hour
rate-per-day = { $n } a day
rate-unlimited = Unlimited

first-title = One step is left
first-say = The service runs, but nobody has an account yet. Make an administrator, who invites the others and gives roles.
first-place = On the machine that the service runs on, in the folder { $folder }, run:
first-command = Command
first-hint = Put your own address in the place of you@example.org. The command asks for a password; the address needs no confirmation.
first-environment = Give it the same MAILING_… variables that the service runs with.
first-then = Sign in with that address and password. The overview leads to the first mailing.
first-done = Done, sign in
