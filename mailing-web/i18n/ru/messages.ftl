menu-messages = Письма
messages-new = Новое письмо
messages-col-subject = Тема
messages-col-used = Где используется
messages-col-saved = Сохранено
messages-empty-title = Писем пока нет
messages-empty-text = Письмо – это то, что прочтут получатели: тема и текст. Напишите его, посмотрите, отправьте себе, а потом запланируйте рассылку.
message-subject-hint = На телефоне видно около 40 знаков.
format-markdown = Markdown
format-html = HTML
message-lead = Сохранено: { $when }. { $n ->
    [0] Пока не используется в рассылках.
    [one] Уходит в { $n } рассылке.
    [few] Уходит в { $n } рассылках.
   *[many] Уходит в { $n } рассылках.
}
message-autosaved = Введённое хранится с { $time }.
message-unsaved = Это введено { $when } и ещё не сохранено. Отправляется сохранённая версия.
message-discard = Отменить изменения…
ask-discard-title = Отменить несохранённые изменения в «{ $subject }»?
ask-discard-happens = Письмо станет таким, каким его сохранили: { $when }. Введённое позже пропадёт.
ask-discard-do = Отменить изменения
ask-discard-keep = Оставить
message-conflict = Письмо изменили в другом окне ({ $when }). Ваш текст ниже, ничего не потеряно. Если сохранить, он заменит то, что показано здесь.
message-saved = Письмо сохранено.
message-save-and-send = Сохранить и отправить…
message-deleted = Письмо «{ $subject }» удалено. Оно лежит в корзине 30 дней.
message-undeleted = Письмо возвращено.
message-discarded = Несохранённые изменения отменены.
message-restored = Версия { $n } восстановлена как версия { $as }.
message-test-sent = { $n ->
    [one] Пробное письмо отправляется.
    [few] Отправляются { $n } пробных письма.
   *[many] Отправляются { $n } пробных писем.
}
message-variables = Переменные
message-own-text = Текстовая часть
message-text-hint = Для тех, кто читает без HTML. Если пусто, мы сделаем её из письма сами.
message-preview = Предпросмотр
message-test = Пробное письмо
message-test-hint = На свой адрес или ещё на несколько, до пяти; 20 в день. Письмо сначала сохранится.
message-test-send = Отправить
message-used = Где используется
message-delete = Удалить письмо
message-history = История
message-history-lead = Каждое сохранение – новая версия. Запуск хранит ту версию, с которой начался.
message-col-version = Версия
message-version = Версия { $n }
message-current = последняя
message-restore = Вернуть эту версию
preview-html = Письмо
preview-text = Текст
preview-recipient = Получатель…
preview-search = Чьими глазами посмотреть
preview-as = Так письмо увидит { $name }.
preview-choose = Показать
variable-full-name = Полное имя; слово в кавычках, если имени нет
variable-email = Адрес
variable-attribute = Свойство получателя, здесь «city»
variable-unsubscribe = Ссылка отписки; если её нет, мы добавим её под текстом
variable-mailing = Название рассылки
variable-sender = Ваше имя как отправителя
count-mailings = { $n ->
    [one] { $n } рассылка
    [few] { $n } рассылки
   *[many] { $n } рассылок
}
files-title = Вложения
files-lead = { $n ->
    [0] Файлов пока нет. То, что вы набрали в письме, не пропадёт.
    [one] { $n } файл, { $size } из { $max }.
    [few] { $n } файла, { $size } из { $max }.
   *[other] { $n } файлов, { $size } из { $max }.
}
files-hint = Не больше { $n } файлов, вместе до { $max }. Программы и веб-страницы почтовые серверы не принимают.
files-attach = Вложить
files-attach-link = Вложить файлы…
files-change = Изменить…
files-remove = Убрать
files-back = Вернуться к письму
files-attached = { $n ->
    [one] Вложен { $n } файл.
    [few] Вложено { $n } файла.
   *[other] Вложено { $n } файлов.
}
files-removed = Файл «{ $name }» убран.
files-kilobytes = { $n }{"\u00A0"}КБ
files-megabytes = { $n },{ $tenth }{"\u00A0"}МБ
