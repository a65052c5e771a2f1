# The service's own mail.
letter-why-account = You get this because of your account at { $site }.
letter-why-anybody = Somebody entered this address at { $site }. If it was not you, do nothing: without the link nothing happens.
letter-life-day = The link works once, within 24 hours.
letter-life-half-hour = The link works once, within 30 minutes.
letter-life-week = The link works once, within 7 days.

letter-verify-address-subject = Confirm your address
letter-verify-address-preheader = Then you can send mailings.
letter-verify-address-title = Confirm your address
letter-verify-address-text = You created an account at { $site } with this address. Press the button and you can send mailings.
letter-verify-address-button = Confirm address

letter-already-registered-subject = You already have an account
letter-already-registered-preheader = Sign in, or set a new password.
letter-already-registered-title = You already have an account
letter-already-registered-text = Somebody wanted to create an account at { $site } with this address. There is one already: sign in, or set a new password if you have forgotten it. If it was not you, do nothing.
letter-already-registered-button = Sign in

letter-reset-password-subject = Link for a new password
letter-reset-password-preheader = It works for 30 minutes.
letter-reset-password-title = A new password
letter-reset-password-text = You asked for a new password at { $site }. Press the button and choose one. If you did not ask, do nothing: the old password stays.
letter-reset-password-button = Choose a password

letter-password-changed-subject = Your password was changed
letter-password-changed-preheader = All other sessions have ended.
letter-password-changed-title = Your password was changed
letter-password-changed-text = The password of your account at { $site } was changed, and everybody who was signed in was signed out. If it was not you, set a new password now.
letter-password-changed-button = Set a new password

letter-new-address-subject = Confirm your new address
letter-new-address-preheader = Until then the old one stays.
letter-new-address-title = Confirm your new address
letter-new-address-text = You want to use this address for your account at { $site }. Press the button, and from then on you sign in with it.
letter-new-address-button = Use this address

letter-address-changed-subject = Your address was changed
letter-address-changed-preheader = If it was not you, take it back.
letter-address-changed-title = Your address was changed
letter-address-changed-text = Your account at { $site } now belongs to the address { $address }. If it was not you, take the change back: the old address returns and everybody is signed out.
letter-address-changed-button = Take it back

letter-verify-sender-subject = Confirm a sender address
letter-verify-sender-preheader = Mailings may then come from it.
letter-verify-sender-title = May mail come from this address?
letter-verify-sender-text = { $owner } wants to send mailings from this address at { $site }. If you agree, press the button.
letter-verify-sender-button = Confirm sender

letter-second-factor-on-subject = Sign-in by code is on
letter-second-factor-on-preheader = Keep your recovery codes.
letter-second-factor-on-title = Sign-in by code is on
letter-second-factor-on-text = From now on { $site } asks for a code of your app after the password. Keep the recovery codes in a safe place. If it was not you, set a new password and write to the administrator.
letter-second-factor-on-button = Open settings

letter-second-factor-off-subject = Sign-in by code is off
letter-second-factor-off-preheader = The password alone is enough now.
letter-second-factor-off-title = Sign-in by code is off
letter-second-factor-off-text = From now on the password alone is enough at { $site }. If it was not you, set a new password and switch the code on again.
letter-second-factor-off-button = Open settings

letter-mailing-disabled-subject = Mailing “{ $name }” was disabled
letter-mailing-disabled-preheader = Nothing more of it is sent.
letter-mailing-disabled-title = Your mailing was disabled
letter-mailing-disabled-text = A manager of { $site } has disabled the mailing “{ $name }”. What is not yet sent waits. The reason:
letter-mailing-disabled-button = Open mailing

letter-mailing-enabled-subject = Mailing “{ $name }” was enabled
letter-mailing-enabled-preheader = It goes on by its schedule.
letter-mailing-enabled-title = Your mailing goes on
letter-mailing-enabled-text = A manager of { $site } has enabled the mailing “{ $name }” again. It goes on by its schedule.
letter-mailing-enabled-button = Open mailing

letter-invited-subject = You are invited to send mailings
letter-invited-preheader = Choose a password to begin.
letter-invited-title = There is an account for you
letter-invited-text = The administrator of { $site } has made an account for you. Choose a password and you can send mailings.
letter-invited-button = Choose a password

letter-run-failures-subject = { $failed ->
    [0] “{ $name }”: some outcomes are unknown
   *[other] “{ $name }”: { $failed } of { $planned } failed
}
letter-run-failures-preheader = The run has ended. Not everybody got the message.
letter-run-failures-title = The run has ended, not everybody got it
letter-run-failures-text = Mailing “{ $name }”: { $planned } in all, { $failed } failed, { $unknown } with an unknown outcome. The run's page shows who did not get the message and why, and lets you send again.
letter-run-failures-button = Open run

letter-run-stopped-subject = “{ $name }”: the run was stopped
letter-run-stopped-preheader = Some messages were not sent.
letter-run-stopped-title = The run was stopped
letter-run-stopped-text = { $unsent ->
    [0] Mailing “{ $name }”: the run was stopped before its time. The run's page says why.
    [one] Mailing “{ $name }”: the run was stopped before its time, { $unsent } message was not sent. The run's page says why.
   *[other] Mailing “{ $name }”: the run was stopped before its time, { $unsent } messages were not sent. The run's page says why.
}
letter-run-stopped-button = Open run

letter-user-blocked-subject = Your account was blocked
letter-user-blocked-preheader = Your mailings are stopped.
letter-user-blocked-title = Your account was blocked
letter-user-blocked-text = A manager has blocked your account at { $site }. You cannot sign in, and your mailings are stopped. To settle it, write to the administrator. The reason:

letter-user-unblocked-subject = Your account was unblocked
letter-user-unblocked-preheader = You can sign in again.
letter-user-unblocked-title = You can sign in again
letter-user-unblocked-text = A manager has unblocked your account at { $site }. Mailings whose time is not over go on.
letter-user-unblocked-button = Sign in

letter-account-deleted-subject = Your account was deleted
letter-account-deleted-preheader = Your mailings are stopped.
letter-account-deleted-title = Your account was deleted
letter-account-deleted-text = You deleted your account at { $site }. Everybody was signed out, and nothing more is sent for you.

letter-why-contact = You get this because your address stands on the contacts page of { $site }.

letter-feedback-subject = A message from the contacts page
letter-feedback-preheader = From { $name }, { $email }
letter-feedback-title = Somebody wrote to you
letter-feedback-text = { $phone ->
    [none] From { $name } ({ $email }). A reply to this mail goes to that address.
   *[other] From { $name } ({ $email }, phone { $phone }). A reply to this mail goes to that address.
}
letter-feedback-button = Open the message
