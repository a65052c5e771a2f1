# Календарь рассылок.
menu-calendar = Календарь
calendar-lead = Все рассылки, { $zone }
calendar-create-on = Создать рассылку на { $day }
calendar-more = и ещё { $n }
calendar-and-more = и другие
calendar-more-of = Показать весь день, { $day }
calendar-planned = Запланирована
calendar-clocks-forward = Часы переводят вперёд
calendar-clocks-back = Часы переводят назад
calendar-empty = В этом месяце ничего не было и пока ничего не запланировано. Чтобы создать рассылку, выберите день.
calendar-empty-day = В этот день ничего не отправляли, и ничего не запланировано.
calendar-cut = Отправок так много, что показаны не все: ближайшие рассылки, по нескольку отправок в день.
calendar-cell-today = сегодня
