unsubscribe-title = Unsubscribe?
unsubscribe-question = “{ $sender }” will not write to { $address } any more.
unsubscribe-confirm = Unsubscribe
unsubscribe-done-title = You are unsubscribed
unsubscribe-done-text = Nothing more will be sent to { $address }.
unsubscribe-undo-text = Pressed by mistake?
unsubscribe-undo = Keep me subscribed
