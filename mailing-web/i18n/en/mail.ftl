# Words in mail and in its preview.
mail-why = You get this message because you are on the sender’s list of recipients.
mail-unsubscribe = Unsubscribe
preview-name = Anna Kuznetsova
