# Words in mail and in its preview.
mail-why = Вы получили это письмо, потому что вы в списке получателей отправителя.
mail-unsubscribe = Отписаться
preview-name = Анна Кузнецова
