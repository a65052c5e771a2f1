# Загрузка: файл становится получателями.
recipients-import = Импорт
import-title = Загрузить получателей
import-step-file = Файл
import-step-columns = Столбцы
import-step-check = Проверка и загрузка
import-file-hint = CSV, по строке на получателя, до { $megabytes } МБ. Из Excel: «Сохранить как», «CSV UTF-8».
import-template = Скачать образец
import-template-email = почта
import-template-name = ФИО
import-template-comment = комментарий
import-template-town = город
import-template-example = Анна Кузнецова
import-template-separator = ;
import-pasted-hint = Скопированные из таблицы или по адресу в строке. Берутся, если файл не выбран.
import-pasted-rows = Вставленные строки
import-agreed = Загружайте только тех, кто согласился получать ваши письма. Кто отписался раньше, останется отписанным.
import-next = Продолжить
import-nothing-yet = Пока ничего не загружается.
import-before = Загружали раньше
import-col-when = Когда
import-col-state = Состояние
import-col-sums = Итог
import-col-do = Действие
import-was-running = Идёт или прервана
import-was-finished = Завершена
import-was-undoing = Отменяется
import-was-undone = Отменена
import-sums = Новых { $added }, обновлено { $updated }, уже было { $skipped }, с ошибками { $rejected }
import-undo-of = Отменить загрузку от { $when }
import-columns-title = Что в каких столбцах?
import-columns-lead = { $rows ->
    [one] { $name }, { $rows } строка, { $encoding }, разделитель { $sign }
    [few] { $name }, { $rows } строки, { $encoding }, разделитель { $sign }
   *[many] { $name }, { $rows } строк, { $encoding }, разделитель { $sign }
}
import-sign-comma = «,»
import-sign-semicolon = «;»
import-sign-tab = табуляция
import-sign-bar = «|»
import-column-number = Столбец { $number }
import-col-column = Столбец в файле
import-col-values = Первые значения
import-col-target = Загрузить как
import-target-of = Загрузить «{ $name }» как
import-required = Обязательный столбец
import-to-nothing = Не загружать
import-to-email = Электронная почта
import-to-full-name = Полное имя
import-to-comment = Комментарий
import-to-recipient-state = Состояние
import-to-recipient-attributes = Свойства в JSON
import-to-attribute = Свойство «{ $key }»
import-reading = Буквы или столбцы выглядят неправильно?
import-reading-hint = Укажите, в какой кодировке файл и чем разделены столбцы.
import-delimiter-comma = Запятая
import-delimiter-semicolon = Точка с запятой
import-delimiter-tab = Табуляция
import-delimiter-bar = Вертикальная черта
import-look = Прочитать заново
import-mode = Если адрес уже есть
import-mode-skip = Пропустить строку
import-mode-update = Обновить имя и свойства
import-mode-update-note = Отписки и стоп-лист не меняются.
import-list = Добавить всех в список
import-no-list = Без списка
import-new-list = Или в новый список
import-check = Проверить
import-another = Другой файл
import-checking-title = Проверяем строки
import-importing-title = Загружаем
import-progress = { $rows ->
    [one] { $read } из { $rows } строки
   *[other] { $read } из { $rows } строк
}
import-goes-on = Страницу можно закрыть: загрузка продолжится сама.
import-checked-title = Проверка и загрузка
import-checked-lead = { $rows ->
    [one] Проверена { $rows } строка: новых { $added }, уже есть { $known }, с ошибками { $rejected }.
    [few] Проверены { $rows } строки: новых { $added }, уже есть { $known }, с ошибками { $rejected }.
   *[many] Проверено { $rows } строк: новых { $added }, уже есть { $known }, с ошибками { $rejected }.
}
import-done-title = Загружено
import-done-lead = { $name }: новых { $added }, уже было { $known }, с ошибками { $rejected }.
import-is-undone = Эта загрузка отменена.
import-failed-title = Этот файл нельзя загрузить
import-numbers = Строки
import-will-be-added = Добавим
import-will-be-updated = Обновим
import-will-be-skipped = Не изменим
import-will-be-rejected = С ошибками
import-were-added = Добавлено
import-were-updated = Обновлено
import-were-skipped = Не изменено
import-were-rejected = С ошибками
import-rejects = Строки с ошибками
import-col-line = Строка
import-col-reason = Что не так
import-col-raw = Как в файле
import-more-rejects = И ещё { $n }.
import-rejects-file = Скачать все строки с ошибками (CSV)
import-rejects-first = Скачать первые { $n } строк с ошибками (CSV)
import-rejects-left-out = { $n ->
    [one] Ещё { $n } строка с ошибками не сохранена.
    [few] Ещё { $n } строки с ошибками не сохранены.
   *[many] Ещё { $n } строк с ошибками не сохранено.
}
import-start = Загрузить { $n }
import-change = Изменить столбцы
import-nothing-new = Загружать нечего.
import-to-recipients = К получателям
import-earlier = Этот самый файл уже загружали, { $when }.
import-undo = Отменить загрузку
import-undo-link = Отменить загрузку…
import-undo-ask = Отменить загрузку от { $when }?
import-undo-added = { $n ->
    [one] { $n } добавленный получатель уйдёт в корзину.
    [few] { $n } добавленных получателя уйдут в корзину.
   *[many] { $n } добавленных получателей уйдут в корзину.
}
import-undo-updated = { $n ->
    [one] { $n } изменённый получатель станет прежним.
    [few] { $n } изменённых получателя станут прежними.
   *[many] { $n } изменённых получателей станут прежними.
}
import-undo-list = Кого загрузка внесла в список «{ $list }», те из него выйдут.
import-undo-kept = Получатели, которых с тех пор изменили, останутся как есть. Вернуть отменённую загрузку нельзя: загрузите файл снова.
import-undo-until = Можно до { $when }.
import-undone = Загрузка отменена: убрано { $removed }, возвращено прежнее { $restored }, изменено с тех пор и оставлено { $kept }.
import-undoing = Загрузка отменяется. Получателей много, это займёт время.
