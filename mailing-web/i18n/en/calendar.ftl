# The calendar of mailings.
menu-calendar = Calendar
calendar-lead = All mailings, { $zone }
calendar-create-on = Create a mailing on { $day }
calendar-more = and { $n } more
calendar-and-more = and more
calendar-more-of = Show the whole day, { $day }
calendar-planned = Planned
calendar-clocks-forward = Clocks go forward
calendar-clocks-back = Clocks go back
calendar-empty = Nothing was sent this month, and nothing is planned so far. Choose a day to create a mailing.
calendar-empty-day = Nothing was sent on this day, and nothing is planned.
calendar-cut = There are so many sends that not all are shown: those of the next mailings, some of each a day.
calendar-cell-today = today
