date-short = { $weekday-short } { $day } { $month-short }{ $year }, { $time }
date-sentence = { $on-weekday }, { $day } { $month }{ $year }, в { $time }
date-day-and-time = { $day } { $month }{ $year } в { $time }
date-heading = { $weekday }, { $day } { $month }{ $year }, { $time }
date-short-day = { $day } { $month-short }{ $year }
date-weekday = { $weekday }, { $day } { $month }{ $year }
date-day = { $day } { $month }{ $year }

relative-in-days = { $n ->
    [one] завтра
    [few] через { $n } дня
   *[many] через { $n } дней
}
relative-in-hours = { $n ->
    [one] через { $n } час
    [few] через { $n } часа
   *[many] через { $n } часов
}
relative-in-minutes = { $n ->
    [one] через { $n } минуту
    [few] через { $n } минуты
   *[many] через { $n } минут
}
relative-in-seconds = { $n ->
    [one] через { $n } секунду
    [few] через { $n } секунды
   *[many] через { $n } секунд
}
relative-ago-days = { $n ->
    [one] вчера
    [few] { $n } дня назад
   *[many] { $n } дней назад
}
relative-ago-hours = { $n ->
    [one] { $n } час назад
    [few] { $n } часа назад
   *[many] { $n } часов назад
}
relative-ago-minutes = { $n ->
    [one] { $n } минуту назад
    [few] { $n } минуты назад
   *[many] { $n } минут назад
}
relative-ago-seconds = { $n ->
    [0] только что
    [one] { $n } секунду назад
    [few] { $n } секунды назад
   *[many] { $n } секунд назад
}

month-1 = января
month-1-short = янв
month-1-name = Январь
month-2 = февраля
month-2-short = фев
month-2-name = Февраль
month-3 = марта
month-3-short = мар
month-3-name = Март
month-4 = апреля
month-4-short = апр
month-4-name = Апрель
month-5 = мая
month-5-short = мая
month-5-name = Май
month-6 = июня
month-6-short = июн
month-6-name = Июнь
month-7 = июля
month-7-short = июл
month-7-name = Июль
month-8 = августа
month-8-short = авг
month-8-name = Август
month-9 = сентября
month-9-short = сен
month-9-name = Сентябрь
month-10 = октября
month-10-short = окт
month-10-name = Октябрь
month-11 = ноября
month-11-short = ноя
month-11-name = Ноябрь
month-12 = декабря
month-12-short = дек
month-12-name = Декабрь

weekday-1 = Понедельник
weekday-1-short = Пн
weekday-1-on = в понедельник
weekday-2 = Вторник
weekday-2-short = Вт
weekday-2-on = во вторник
weekday-3 = Среда
weekday-3-short = Ср
weekday-3-on = в среду
weekday-4 = Четверг
weekday-4-short = Чт
weekday-4-on = в четверг
weekday-5 = Пятница
weekday-5-short = Пт
weekday-5-on = в пятницу
weekday-6 = Суббота
weekday-6-short = Сб
weekday-6-on = в субботу
weekday-7 = Воскресенье
weekday-7-short = Вс
weekday-7-on = в воскресенье

# Zones by their city; one that is not here keeps its English name.
zone-europe-moscow = Москва
zone-europe-kaliningrad = Калининград
zone-europe-samara = Самара
zone-europe-volgograd = Волгоград
zone-europe-saratov = Саратов
zone-asia-yekaterinburg = Екатеринбург
zone-asia-omsk = Омск
zone-asia-novosibirsk = Новосибирск
zone-asia-krasnoyarsk = Красноярск
zone-asia-irkutsk = Иркутск
zone-asia-yakutsk = Якутск
zone-asia-vladivostok = Владивосток
zone-asia-magadan = Магадан
zone-asia-kamchatka = Камчатка
zone-europe-minsk = Минск
zone-europe-kyiv = Киев
zone-asia-almaty = Алматы
zone-asia-tashkent = Ташкент
zone-asia-yerevan = Ереван
zone-asia-baku = Баку
zone-asia-tbilisi = Тбилиси
zone-europe-riga = Рига
zone-europe-vilnius = Вильнюс
zone-europe-tallinn = Таллин
zone-europe-berlin = Берлин
zone-europe-paris = Париж
zone-europe-london = Лондон
zone-europe-madrid = Мадрид
zone-europe-rome = Рим
zone-europe-istanbul = Стамбул
zone-asia-dubai = Дубай
zone-asia-jerusalem = Иерусалим
zone-asia-tokyo = Токио
zone-asia-shanghai = Шанхай
zone-america-new-york = Нью-Йорк
zone-america-chicago = Чикаго
zone-america-los-angeles = Лос-Анджелес

# How a schedule repeats.
repeat-once = один раз
repeat-daily = { $n ->
    [1] каждый день
    [few] раз в { $n } дня
   *[many] раз в { $n } дней
}
repeat-weekly = { $n ->
    [1] каждую неделю ({ $days })
    [few] раз в { $n } недели ({ $days })
   *[many] раз в { $n } недель ({ $days })
}
repeat-monthly = { $n ->
    [1] каждый месяц, { $day },
    [few] раз в { $n } месяца, { $day },
   *[many] раз в { $n } месяцев, { $day },
}
repeat-yearly = { $n ->
    [1] каждый год
    [few] раз в { $n } года
   *[many] раз в { $n } лет
}
repeat-cron = по выражению cron «{ $expression }»
repeat-month-day = { $day }-го числа
repeat-last-day = в последний день
plan-from = { $rule } в { $time } с { $start }
plan-until = { $rule } в { $time } с { $start } до { $end }
weekday-1-every = каждый понедельник
weekday-2-every = каждый вторник
weekday-3-every = каждую среду
weekday-4-every = каждый четверг
weekday-5-every = каждую пятницу
weekday-6-every = каждую субботу
weekday-7-every = каждое воскресенье
weekday-1-nth = { $n }-й понедельник
weekday-2-nth = { $n }-й вторник
weekday-3-nth = { $n }-я среда
weekday-4-nth = { $n }-й четверг
weekday-5-nth = { $n }-я пятница
weekday-6-nth = { $n }-я суббота
weekday-7-nth = { $n }-е воскресенье
weekday-1-last = последний понедельник
weekday-2-last = последний вторник
weekday-3-last = последняя среда
weekday-4-last = последний четверг
weekday-5-last = последняя пятница
weekday-6-last = последняя суббота
weekday-7-last = последнее воскресенье
