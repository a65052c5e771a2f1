# Contacts, feedback, settings of the instance.
deed-edit-settings = Service settings changed
deed-answer-feedback = Message marked as answered
deed-reopen-feedback = Message marked as not answered
deed-delete-feedback = Message deleted
deed-undelete-feedback = Message taken out of the trash

menu-contacts = Contacts
menu-feedback = Feedback
menu-instance = Service settings
menu-service = Service

field-writer = Your name
field-phone = Phone
field-feedback = Message
field-blog-writers = Who writes the blog
field-contact-address = Address for feedback
field-contact-text-ru = Text of the contacts page in Russian
field-contact-text-en = Text of the contacts page in English

contacts-address = E-mail:
contacts-write = Write to us
contacts-email-hint = We answer to this address.
contacts-feedback-hint = A question, a fault or a wish. Up to 5,000 characters.
contacts-website = Leave this field empty
contacts-sent = The message is sent. We answer to { $email }.
contacts-send = Send

feedback-lead = Everything that was written on the contacts page.
feedback-tabs = Which messages to show
feedback-tab-new = Not answered
feedback-tab-answered = Answered
feedback-tab-all = All
feedback-search = Name, address or text
feedback-col-who = Who wrote
feedback-col-text = Message
feedback-col-when = When
feedback-is-new = Not answered
feedback-is-answered = Answered
feedback-none-found = There are no such messages.
feedback-none-title = Nothing here
feedback-none-text = The other messages are on the tabs beside.
feedback-empty-title = No messages yet
feedback-empty-text = Everything that people write on the contacts page will stand here.
feedback-to-contacts = Open the contacts page
feedback-reply = Reply by mail
feedback-answer = Mark as answered
feedback-reopen = Mark as not answered
feedback-language = Language of the page
feedback-answered = The message is marked as answered.
feedback-reopened = The message is marked as not answered.
feedback-deleted = The message is deleted. It stays in the trash for 30 days.
feedback-undeleted = The message is back.

instance-title = Service settings
instance-lead = They hold for everybody who uses the service.
instance-address-hint = Shown on the contacts page; messages from there go to it, too. Without an address they stand in the feedback only.
instance-text-hint = Markdown. Where there is no text in the reader's language, the other one is shown.
instance-look = Preview texts
instance-saved = The settings are saved.
instance-changed = While the page was open somebody else changed the settings. Your text is below; if you save it, it replaces what was saved without you.
instance-registration = Registration
instance-registration-open = Anybody can create an account.
instance-registration-invitation = Whoever an administrator has invited creates an account.
instance-registration-closed = Accounts are made by the command mailing users create only.
instance-registration-where = It is changed in the configuration: accounts.registration. A new value holds after a restart.

writers-content-managers = Content managers
writers-every-owner = Content managers, and every owner their own posts
