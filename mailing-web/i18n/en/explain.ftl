# Why an address got or did not get the message of a run.
explain-delivered = Delivered on { $when }: the mail server took the message.
explain-counted = Counted as delivered.
explain-gave-up = No tries are left.
explain-next-try = Next try on { $when } ({ $try } of { $tries }).
explain-server = The mail server has trouble of its own, so the message waits; this try does not count.
explain-unknown = The connection broke on { $when }, after the hand-over. It may or may not have arrived.
explain-since = On the suppression list since { $when }.
explain-stopped-at = The run ended on { $when }.
explain-not-frozen = Who gets it is not decided yet: the run is being prepared.
explain-added-later = The recipient was added on { $when }, after the run had begun.
explain-deleted = The recipient is in the trash.
explain-not-in-audience = The mailing does not go to this recipient.
