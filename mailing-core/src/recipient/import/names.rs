//! What columns are called in files that people have.

use super::mapping::Target;
use crate::recipient::attribute_key;

/// Names of the column with addresses, the surest first. Compared without case, blanks and signs.
const EMAIL: &[&str] = &[
    "email",
    "emailaddress",
    "mail",
    "mailaddress",
    "recipientemail",
    "почта",
    "электроннаяпочта",
    "электрпочта",
    "элпочта",
    "имейл",
    "емейл",
    "емайл",
    "мейл",
    "адресэлектроннойпочты",
    "адресэлпочты",
    "адреспочты",
    "address",
    "адрес",
];

/// Names of the column with full names.
const FULL_NAME: &[&str] = &[
    "fullname",
    "name",
    "recipientfullname",
    "recipientname",
    "displayname",
    "фио",
    "полноеимя",
    "фамилияимяотчество",
    "фамилияимя",
    "имяифамилия",
    "имяфамилия",
    "имя",
    "получатель",
    "контакт",
];

/// Names of the column with notes.
const COMMENT: &[&str] = &[
    "comment",
    "comments",
    "note",
    "notes",
    "remark",
    "комментарий",
    "комментарии",
    "примечание",
    "примечания",
    "заметка",
    "заметки",
];

/// What the columns of a header probably hold. Each target is given to one column at most.
pub(super) fn guess(columns: &[String]) -> Vec<Option<Target>> {
    let plain: Vec<_> = columns.iter().map(|name| simplified(name)).collect();
    let mut targets = vec![None; columns.len()];
    let known = [
        (EMAIL, Target::Email),
        (FULL_NAME, Target::FullName),
        (COMMENT, Target::Comment),
    ];
    for (names, target) in known {
        let column = names
            .iter()
            .find_map(|name| plain.iter().position(|plain| plain == name));
        if let Some(column) = column.filter(|column| targets[*column].is_none()) {
            targets[column] = Some(target);
        }
    }
    for (column, name) in columns.iter().enumerate() {
        if targets[column].is_none() {
            let target = attribute(name).filter(|target| !targets.contains(&Some(target.clone())));
            targets[column] = target;
        }
    }
    targets
}

fn attribute(name: &str) -> Option<Target> {
    let name = name.trim();
    let key = name
        .strip_prefix("recipient.attributes.")
        .or_else(|| name.strip_prefix("attributes."))
        .unwrap_or(name);
    let key = key.replace([' ', '-'], "_");
    attribute_key(&key).ok().map(Target::Attribute)
}

fn simplified(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ё' { 'е' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(columns: &[&str]) -> Vec<String> {
        let columns: Vec<_> = columns.iter().map(|c| (*c).to_owned()).collect();
        guess(&columns)
            .iter()
            .map(|t| t.as_ref().map(ToString::to_string).unwrap_or_default())
            .collect()
    }

    #[test]
    fn columns_are_known_by_russian_and_english_names() {
        for (name, target) in [
            ("email", "email"),
            ("E-Mail", "email"),
            (" E mail ", "email"),
            ("Эл. почта", "email"),
            ("Электронная почта", "email"),
            ("ПОЧТА", "email"),
            ("Адрес", "email"),
            ("Ф.И.О.", "full_name"),
            ("ФИО", "full_name"),
            ("Имя", "full_name"),
            ("Full Name", "full_name"),
            ("full_name", "full_name"),
            ("Комментарий", "comment"),
            ("notes", "comment"),
            ("City", "attributes.city"),
            ("Birth date", "attributes.birth_date"),
            ("attributes.vip", "attributes.vip"),
            ("Город", ""),
            ("", ""),
            ("2024", ""),
        ] {
            assert_eq!(guessed(&[name]), [target], "{name:?}");
        }
    }

    #[test]
    fn the_surest_column_wins_and_none_is_taken_twice() {
        assert_eq!(
            guessed(&["Адрес", "Почта", "Имя", "ФИО"]),
            ["", "email", "", "full_name"]
        );
        assert_eq!(
            guessed(&["email", "mail", "city", "City"]),
            ["email", "attributes.mail", "attributes.city", ""]
        );
    }
}
