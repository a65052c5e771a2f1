//! What stands in the demo's blog.

use super::drawings::Palette;

/// A post of the demo.
pub(super) struct PostText {
    /// Title.
    pub(super) title: &'static str,
    /// Content in Markdown.
    pub(super) content: &'static str,
    /// What the picture shows.
    pub(super) alt: &'static str,
    /// The colours of its picture, if it has one.
    pub(super) drawing: Option<Palette>,
    /// Published so many days ago, or ahead when negative; `None` for a draft.
    pub(super) days: Option<i64>,
    /// So many people have read it.
    pub(super) readers: u32,
}

const BLUE: Palette = Palette {
    sky: [228, 234, 250],
    ground: [39, 70, 194],
    stripe: [196, 62, 52],
};
const GREEN: Palette = Palette {
    sky: [236, 242, 226],
    ground: [64, 112, 84],
    stripe: [214, 142, 52],
};
const DUSK: Palette = Palette {
    sky: [250, 224, 200],
    ground: [112, 72, 120],
    stripe: [39, 70, 194],
};

/// All of them, the oldest first.
pub(super) const POSTS: &[PostText] = &[
    PostText {
        title: "Как писать так, чтобы вас ждали",
        content: "Письмо приходит в чужой дом. Прежде чем его отправить, спросите себя: обрадуется ли \
                  человек, когда откроет?\n\n\
                  ## Три правила\n\n\
                  1. **Одно письмо – одна мысль.** Две новости лучше отправить двумя письмами.\n\
                  2. **Тема обещает, письмо выполняет.** Если в теме скидка, она должна быть в первой \
                  строке.\n\
                  3. **Отписаться так же легко, как подписаться.** Кто не может уйти, жалуется.\n\n\
                  > Лучшая рассылка – та, о которой спрашивают, когда она не пришла.\n\n\
                  Начните с десяти человек, которые вас знают. Их ответы скажут больше, чем любая \
                  статистика.",
        alt: "Белый конверт на синем фоне, внизу полоса авиапочты",
        drawing: Some(BLUE),
        days: Some(20),
        readers: 31,
    },
    PostText {
        title: "What a mail server really says",
        content: "Every message ends with a short talk between two machines. We keep that talk, word by \
                  word, because it is the only proof of what became of your message.\n\n\
                  ## Three kinds of answers\n\n\
                  | Reply | It means | What we do |\n| --- | --- | --- |\n\
                  | `250` | The server has taken the message | Done |\n\
                  | `451` | Not now | Try again later |\n\
                  | `550` | Never | Stop, and tell you why |\n\n\
                  Between them lies the fourth case that most programs hide: the message was handed \
                  over, and then the line went dead. Nobody knows. We call that **unknown** and ask you \
                  what to do.",
        alt: "A white envelope above green ground",
        drawing: Some(GREEN),
        days: Some(12),
        readers: 17,
    },
    PostText {
        title: "Почему «ежемесячно» не значит «раз в 30 дней»",
        content: "Если рассылка уходит 31 января, когда уйдёт следующая? 28 февраля, 2 марта или только \
                  31 марта? Программы отвечают на этот вопрос по-разному, и каждая уверена в своём.\n\n\
                  Мы считаем так, как считает человек: **в последний день февраля**, а потом снова \
                  31 марта. Месяц короче – письмо уходит раньше, но ни один месяц не пропадает.\n\n\
                  ## А перевод часов?\n\n\
                  Письмо, назначенное на девять утра, приходит в девять утра – и зимой, и летом. Если \
                  такого времени в этот день нет, оно уйдёт, как только часы его перешагнут.\n\n\
                  План отправок на странице рассылки показывает всё это заранее.",
        alt: "Белый конверт на закате, внизу полоса авиапочты",
        drawing: Some(DUSK),
        days: Some(6),
        readers: 24,
    },
    PostText {
        title: "Slow servers, patient mail",
        content: "Your mail server is slow today. What happens to the other mailings? Nothing: each \
                  recipient's server has a queue of its own, and the ones that answer do not wait for \
                  the ones that do not.\n\n\
                  - A server that is **away** gets its mail when it is back.\n\
                  - A server that is **strict** gets it at the pace that it likes.\n\
                  - A server that says **no** is asked once, and you are told why.",
        alt: "",
        drawing: None,
        days: Some(2),
        readers: 9,
    },
    PostText {
        title: "Три письма, которые стоит отправить новому подписчику",
        content: "Первое – сразу: спасибо и чего ждать. Второе – через неделю: лучшее из того, что вы \
                  уже писали. Третье – через месяц: вопрос, на который легко ответить.",
        alt: "Белый конверт над зелёной землёй",
        drawing: Some(GREEN),
        days: Some(-5),
        readers: 0,
    },
    PostText {
        title: "Черновик: что мы узнали о повторных отправках",
        content: "Собрать цифры за квартал, спросить у поддержки примеры.",
        alt: "",
        drawing: None,
        days: None,
        readers: 0,
    },
];
