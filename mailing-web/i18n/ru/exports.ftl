# Экспорт: получатели становятся файлом, который готовится рядом со страницей.
export-progress-title = Готовим экспорт
export-ready-title = Экспорт готов
export-gone-title = Такого экспорта нет
export-gone-text = { $hours ->
    [one] Файлы экспорта удаляются через { $hours } час. Экспортируйте получателей ещё раз, чтобы получить новый.
    [few] Файлы экспорта удаляются через { $hours } часа. Экспортируйте получателей ещё раз, чтобы получить новый.
   *[many] Файлы экспорта удаляются через { $hours } часов. Экспортируйте получателей ещё раз, чтобы получить новый.
}
export-of-all = Все получатели
export-of-search = Поиск: «{ $text }»
export-of-list = Список: «{ $name }»
export-of-no-list = удалён
export-of-state = Состояние: { $state }
export-counted = Найдено получателей: { $n }
export-written = Записано получателей: { $written } из { $all }
export-goes-on = Страницу можно закрыть: экспорт продолжится сам.
export-cancel = Отменить экспорт
export-what = { $n ->
    [one] { $n } получатель, { $size }
    [few] { $n } получателя, { $size }
   *[many] { $n } получателей, { $size }
}
export-kept = Файл хранится до { $when }.
export-download = Скачать CSV
export-discard = Удалить файл
export-discarded = Экспорт удалён.
export-one-at-a-time = Экспорты готовятся по одному, этот ещё не готов.
export-is-running = Готовится экспорт: { $share }
export-is-ready = Файл экспорта, хранится до { $when }
