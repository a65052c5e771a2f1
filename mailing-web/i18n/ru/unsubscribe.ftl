unsubscribe-title = Отписаться?
unsubscribe-question = «{ $sender }» больше не будет писать на { $address }.
unsubscribe-confirm = Отписаться
unsubscribe-done-title = Вы отписаны
unsubscribe-done-text = На { $address } больше ничего не придёт.
unsubscribe-undo-text = Нажали по ошибке?
unsubscribe-undo = Вернуть подписку
