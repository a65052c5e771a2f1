# Отчёты и графики.
menu-reports = Отчёты
menu-service-report = Отчёт по сервису
reports-lead = { $from } – { $to }, { $zone }
reports-lead-day = { $from }, { $zone }
reports-everybody = Показать всех
reports-file = Скачать CSV
reports-csv = CSV
reports-periods = Период
reports-other-period = Другой период
reports-days = { $n ->
    [one] { $n } день
    [few] { $n } дня
   *[many] { $n } дней
}
reports-runs = Запусков
reports-share = Доля отказов
reports-part = Доля
reports-failed = отказы:
reports-by-day = По дням
reports-by-mailing = По рассылкам
reports-by-cause = По причинам
reports-by-domain = По доменам получателей
reports-other-domains = Остальные домены
reports-domains-note = Названы 30 крупнейших доменов каждого запуска, где не меньше двух получателей. Остальные посчитаны вместе.
reports-no-causes = Отказов нет или они ещё не посчитаны.
reports-no-domains = Домены ещё не посчитаны.
reports-more-mailings = Показаны { $n } рассылок, где писем больше всего. Все остальные есть в файле.
reports-empty = За эти дни ничего не отправлено
reports-empty-text = Здесь появится, сколько писем доставлено, сколько нет и почему. Выберите другой период или запустите рассылку.
reports-as-of = Числа на { $when }. Запуск относится к тому дню, на который запланирован.
reports-missed = { $n ->
    [one] { $n } запуск пропущен.
    [few] { $n } запуска пропущены.
   *[many] { $n } запусков пропущены.
}
reports-open = { $n ->
    [one] { $n } запуск ещё не закончен: его причины и домены посчитаем потом.
    [few] { $n } запуска ещё не закончены: их причины и домены посчитаем потом.
   *[many] { $n } запусков ещё не закончены: их причины и домены посчитаем потом.
}
reports-uncounted = { $n ->
    [one] Причины и домены { $n } запуска ещё считаем.
    [few] Причины и домены { $n } запусков ещё считаем.
   *[many] Причины и домены { $n } запусков ещё считаем.
}

chart-day = День
chart-week = Неделя с
chart-table = Показать таблицей
chart-delivered = доставлено { $count }
chart-failed = отказ { $count } ({ $share })
chart-unknown = неизвестно { $count }
chart-label = По дням: доставлено { $delivered }, отказ { $failed }, неизвестно { $unknown }
