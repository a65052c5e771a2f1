date-short = { $weekday-short } { $day } { $month-short }{ $year }, { $time }
date-sentence = on { $weekday } { $day } { $month }{ $year } at { $time }
date-day-and-time = { $day } { $month }{ $year } at { $time }
date-heading = { $weekday } { $day } { $month }{ $year }, { $time }
date-short-day = { $day } { $month-short }{ $year }
date-weekday = { $weekday } { $day } { $month }{ $year }
date-day = { $day } { $month }{ $year }

relative-in-days = { $n ->
    [one] tomorrow
   *[other] in { $n } days
}
relative-in-hours = { $n ->
    [one] in { $n } hour
   *[other] in { $n } hours
}
relative-in-minutes = { $n ->
    [one] in { $n } minute
   *[other] in { $n } minutes
}
relative-in-seconds = { $n ->
    [one] in { $n } second
   *[other] in { $n } seconds
}
relative-ago-days = { $n ->
    [one] yesterday
   *[other] { $n } days ago
}
relative-ago-hours = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
relative-ago-minutes = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
relative-ago-seconds = { $n ->
    [0] just now
    [one] { $n } second ago
   *[other] { $n } seconds ago
}

month-1 = January
month-1-short = Jan
month-1-name = January
month-2 = February
month-2-short = Feb
month-2-name = February
month-3 = March
month-3-short = Mar
month-3-name = March
month-4 = April
month-4-short = Apr
month-4-name = April
month-5 = May
month-5-short = May
month-5-name = May
month-6 = June
month-6-short = Jun
month-6-name = June
month-7 = July
month-7-short = Jul
month-7-name = July
month-8 = August
month-8-short = Aug
month-8-name = August
month-9 = September
month-9-short = Sep
month-9-name = September
month-10 = October
month-10-short = Oct
month-10-name = October
month-11 = November
month-11-short = Nov
month-11-name = November
month-12 = December
month-12-short = Dec
month-12-name = December

weekday-1 = Monday
weekday-1-short = Mon
weekday-1-on = on Monday
weekday-2 = Tuesday
weekday-2-short = Tue
weekday-2-on = on Tuesday
weekday-3 = Wednesday
weekday-3-short = Wed
weekday-3-on = on Wednesday
weekday-4 = Thursday
weekday-4-short = Thu
weekday-4-on = on Thursday
weekday-5 = Friday
weekday-5-short = Fri
weekday-5-on = on Friday
weekday-6 = Saturday
weekday-6-short = Sat
weekday-6-on = on Saturday
weekday-7 = Sunday
weekday-7-short = Sun
weekday-7-on = on Sunday

# Zones by their city; one that is not here keeps its English name.
zone-europe-moscow = Moscow
zone-europe-kaliningrad = Kaliningrad
zone-europe-samara = Samara
zone-europe-volgograd = Volgograd
zone-europe-saratov = Saratov
zone-asia-yekaterinburg = Yekaterinburg
zone-asia-omsk = Omsk
zone-asia-novosibirsk = Novosibirsk
zone-asia-krasnoyarsk = Krasnoyarsk
zone-asia-irkutsk = Irkutsk
zone-asia-yakutsk = Yakutsk
zone-asia-vladivostok = Vladivostok
zone-asia-magadan = Magadan
zone-asia-kamchatka = Kamchatka
zone-europe-minsk = Minsk
zone-europe-kyiv = Kyiv
zone-asia-almaty = Almaty
zone-asia-tashkent = Tashkent
zone-asia-yerevan = Yerevan
zone-asia-baku = Baku
zone-asia-tbilisi = Tbilisi
zone-europe-riga = Riga
zone-europe-vilnius = Vilnius
zone-europe-tallinn = Tallinn
zone-europe-berlin = Berlin
zone-europe-paris = Paris
zone-europe-london = London
zone-europe-madrid = Madrid
zone-europe-rome = Rome
zone-europe-istanbul = Istanbul
zone-asia-dubai = Dubai
zone-asia-jerusalem = Jerusalem
zone-asia-tokyo = Tokyo
zone-asia-shanghai = Shanghai
zone-america-new-york = New York
zone-america-chicago = Chicago
zone-america-los-angeles = Los Angeles

# How a schedule repeats.
repeat-once = once
repeat-daily = { $n ->
    [1] every day
   *[other] every { $n } days
}
repeat-weekly = { $n ->
    [1] every week ({ $days })
   *[other] every { $n } weeks ({ $days })
}
repeat-monthly = { $n ->
    [1] every month, { $day },
   *[other] every { $n } months, { $day },
}
repeat-yearly = { $n ->
    [1] every year
   *[other] every { $n } years
}
repeat-cron = by the cron expression “{ $expression }”
repeat-month-day = on day { $day }
repeat-last-day = on the last day
plan-from = { $rule } at { $time } from { $start }
plan-until = { $rule } at { $time } from { $start } until { $end }
weekday-1-every = every Monday
weekday-2-every = every Tuesday
weekday-3-every = every Wednesday
weekday-4-every = every Thursday
weekday-5-every = every Friday
weekday-6-every = every Saturday
weekday-7-every = every Sunday
weekday-1-nth = Monday no. { $n }
weekday-2-nth = Tuesday no. { $n }
weekday-3-nth = Wednesday no. { $n }
weekday-4-nth = Thursday no. { $n }
weekday-5-nth = Friday no. { $n }
weekday-6-nth = Saturday no. { $n }
weekday-7-nth = Sunday no. { $n }
weekday-1-last = last Monday
weekday-2-last = last Tuesday
weekday-3-last = last Wednesday
weekday-4-last = last Thursday
weekday-5-last = last Friday
weekday-6-last = last Saturday
weekday-7-last = last Sunday
