# Текст для каждого кода из mailing-core/src/code.rs: что не так, где и что делать.

code-not-found = Здесь такого нет, или это не ваше. Проверьте адрес или номер.
code-denied = Ваша роль этого не позволяет. Если это нужно, напишите администратору.
code-signed-out = Вход не выполнен. Войдите и повторите.
code-changed-meanwhile = Пока страница была открыта, это изменили. Откройте её заново и повторите правку.
code-internal = Ошибка на нашей стороне. Попробуйте через минуту; если не поможет, сообщите поддержке номер запроса.
code-required = Здесь пусто. Заполните поле.
code-too-long = Слишком длинно: { $length ->
    [one] { $length } знак
    [few] { $length } знака
   *[many] { $length } знаков
}, помещается не больше { $max }. Сократите текст.
code-control-character = В тексте есть невидимый управляющий знак, например перенос строки. Уберите его или наберите текст вручную.

code-store-unavailable = База данных не отвечает. Ничего не потеряно; проверьте, что она запущена, и повторите.
code-store-busy = База данных занята другим процессом. Повторите через несколько секунд.
code-store-read-only = В базу данных нельзя писать. Проверьте права на её файл и папку.
code-store-newer = База данных создана более новой версией Mailing. Запустите ту версию или восстановите копию, сделанную до обновления.
code-store-corrupt = Строку в базе не удаётся прочитать: таблица { $table }, столбец { $column }, строка { $id }. Восстановите копию или исправьте строку.
code-store-full = На диске с базой данных кончилось место. Освободите его и повторите.

code-address-no-at = В адресе нет знака «@». Запишите его так: name@example.com.
code-address-local = Часть адреса до «@» недопустима. Проверьте, нет ли в ней пробелов, двойных точек и лишних знаков.
code-address-domain = Часть адреса после «@» не похожа на домен. Запишите её так: example.com.
code-address-too-long = Адрес слишком длинный: помещается 254 знака, из них 64 до «@».
code-address-ip = После «@» стоит IP-адрес. Укажите имя домена, например example.com.
code-address-no-dot = В части адреса после «@» нет точки. Укажите домен целиком, например example.com.

code-attribute-key = «{ $key }» не годится как название свойства. Возьмите до 63 латинских букв, цифр и знаков «_», первой не цифру.
code-attribute-twice = Свойство «{ $key }» указано дважды. Оставьте одно.
code-attribute-too-many = Слишком много свойств: у получателя помещается не больше { $max }. Уберите лишние.
code-attribute-nested = Значение свойства «{ $key }» – список или объект. Укажите текст, число, true или false.
code-attribute-shape = Свойства записывают как объект из названий и значений: {"{"}"city": "Пермь"{"}"}.

code-message-unknown-variable = Строка { $line }, знак { $column }: переменной «{ $name }» нет. Возможно, имелась в виду «{ $nearest }».
code-message-bad-placeholder = Строка { $line }, знак { $column }: «{ $text }» – не переменная. Напишите {"{{ recipient.full_name }}"} или {"{{ recipient.full_name | default(\"друг\") }}"}.
code-message-body-empty = В письме нечего читать. Напишите текст.
code-message-body-too-large = Текст слишком большой: { $length } байт, помещается не больше { $max }. Сократите его; картинки разместите на веб-сервере.
code-message-body-tangled = В HTML слишком много тегов, или они вложены слишком глубоко, или закрыты не по порядку. Упростите его; сценариям, формам и рисункам SVG в письме не место.

code-schedule-end-before-start = Окончание не позже начала, { $start }. Выберите окончание позже или уберите его.
code-schedule-unknown-zone = Часового пояса «{ $zone }» нет. { $nearest ->
    [none] Запишите его, например, так: Europe/Moscow.
   *[other] Возможно, вы имели в виду: { $nearest }.
}
code-schedule-unreadable-time = «{ $text }» – не дата и время. Запишите так: { $example }, по местному времени выбранного пояса.
code-schedule-unreadable-date = «{ $text }» – не дата. Запишите так: { $example }.
code-schedule-unreadable-instant = «{ $text }» – не момент времени. Запишите так: { $example }.
code-schedule-impossible-date = Такой даты нет: { $text }. { $days ->
    [0] Месяцы нумеруются от 01 до 12.
   *[other] Дней в этом месяце: { $days }.
}
code-schedule-impossible-time = Такого времени нет: { $text }. Часы бывают от 00 до 23, минуты и секунды от 00 до 59.
code-schedule-part-of-second = Время указывают с точностью до целой секунды. Уберите дробную часть.
code-schedule-year-out-of-range = Слишком далёкий год. Выберите от { $min } до { $max }.
code-schedule-out-of-range = { $value } не подходит. Выберите число от { $min } до { $max }.
code-schedule-unknown-word = «{ $text }» здесь не подходит. Возможно: { $allowed }.
code-schedule-not-with-repeat = Это не относится к повтору «{ $repeat }», только к таким: { $belongs_to }. Уберите это или смените повтор.
code-schedule-day-and-nth-weekday = В месяце выбирают или число, или день недели по счёту. Уберите одно из двух.
code-schedule-too-many-dates = Слишком много дат, { $count }: исключить можно не больше { $max }. Сократите список.
code-schedule-too-many-windows = Слишком много окон, { $count }: у рассылки их не больше { $max }. Уберите лишние.
code-schedule-never-fires = По этому правилу ничего никогда не отправится. Проверьте даты, окончание и исключённые дни.
code-schedule-unreadable-spec = Расписание не удаётся прочитать: { $what }.
code-schedule-cron-fields = В выражении cron пять полей: минута, час, день, месяц, день недели. Здесь их { $count }. Пример: 0 9 * * mon-fri.
code-schedule-cron-unreadable = «{ $item }» в поле «{ $part_of ->
    [minute] минуты
    [hour] часы
    [day] дни
    [month] месяцы
   *[weekday] дни недели
}» не удаётся прочитать. Поле – это список из: *, 5, 1-5, */2, 1-10/3; месяцы и дни недели можно назвать тремя буквами, последний день – L.
code-schedule-cron-out-of-range = «{ $item }» в поле «{ $part_of ->
    [minute] минуты
    [hour] часы
    [day] дни
    [month] месяцы
   *[weekday] дни недели
}» не подходит. Числа бывают от { $min } до { $max }.
code-schedule-cron-backwards = Диапазон «{ $item }» в поле «{ $part_of ->
    [minute] минуты
    [hour] часы
    [day] дни
    [month] месяцы
   *[weekday] дни недели
}» идёт назад. Запишите { $instead }.
code-schedule-cron-step = Шаг в «{ $item }» поля «{ $part_of ->
    [minute] минуты
    [hour] часы
    [day] дни
    [month] месяцы
   *[weekday] дни недели
}» равен 0. Наименьший шаг – 1.
