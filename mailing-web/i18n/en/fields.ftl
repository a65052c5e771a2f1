# Names of fields, by the last part of their path with "_" as "-".
field-email = E-mail
field-password = Password
field-subject = Subject
field-body = Text
field-name = Name
field-full-name = Full name
field-message = Message
field-start = First send
field-end = End
field-zone = Time zone
field-audience = To whom
field-one-of-windows = Window { $n }
