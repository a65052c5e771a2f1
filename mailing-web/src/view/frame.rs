//! What stands around every page.

use mailing_core::message::FileHash;
use serde::Serialize;

use super::FlashView;
use crate::assets;
use crate::i18n::Lang;

/// The frame of a page: title, menu, language, theme.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Frame {
    pub(crate) title: String,
    /// Path and query of the page, for forms that come back to it.
    pub(crate) path: String,
    /// `light`, `dark`, or nothing: as the system has it.
    pub(crate) theme: Option<&'static str>,
    /// The token of every form on the page.
    pub(crate) csrf: String,
    /// The number of the form on the page, for one whose work must be done once.
    pub(crate) form_id: String,
    /// What the page says about the form before it.
    pub(crate) flash: Option<FlashView>,
    /// Address of the script with the key that opens the help; empty when it is switched off.
    pub(crate) help_key: String,
    /// Addresses of the page's scripts.
    pub(crate) scripts: Vec<String>,
    /// After how many seconds a browser without scripts asks again.
    pub(crate) refresh: Option<u32>,
    pub(crate) demo: bool,
    pub(crate) signed_in: bool,
    /// Visitors may make an account.
    pub(crate) may_register: bool,
    /// The user's address is still to be proved.
    pub(crate) unverified: bool,
    /// The name of the signed-in user; empty for a guest.
    pub(crate) user: String,
    /// Address of the user's picture; none without one.
    pub(crate) avatar: Option<String>,
    pub(crate) other_lang: OtherLang,
    pub(crate) menu: Vec<MenuGroup>,
    /// The menu of pages that everybody reads.
    pub(crate) outside: Vec<MenuItem>,
    pub(crate) stylesheet: String,
    /// The operator's own stylesheet.
    pub(crate) theme_css: Option<String>,
    pub(crate) icon: String,
}

/// The language that the switch leads to, named in itself.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct OtherLang {
    tag: &'static str,
    name: &'static str,
}

/// Entries of the menu that stand together.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MenuGroup {
    /// What they have in common; empty for the first.
    pub(crate) name: String,
    pub(crate) items: Vec<MenuItem>,
}

/// An entry of the menu.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MenuItem {
    pub(crate) url: &'static str,
    pub(crate) label: String,
    pub(crate) current: bool,
}

/// The address of the signed-in user's own picture: another one for each picture.
pub(crate) fn avatar_url(hash: FileHash) -> String {
    let hash = hash.to_string();
    format!("/settings/avatar?v={}", hash.get(..16).unwrap_or_default())
}

impl Frame {
    /// A frame without menu for a guest.
    pub(crate) fn new(lang: Lang, title: String, path: String) -> Self {
        Self {
            title,
            path,
            theme: None,
            csrf: String::new(),
            form_id: String::new(),
            flash: None,
            help_key: String::new(),
            scripts: Vec::new(),
            refresh: None,
            demo: false,
            signed_in: false,
            may_register: true,
            unverified: false,
            user: String::new(),
            avatar: None,
            other_lang: OtherLang {
                tag: lang.other().tag(),
                name: lang.other().own_name(),
            },
            menu: Vec::new(),
            outside: Vec::new(),
            stylesheet: assets::url("style.css"),
            theme_css: None,
            icon: assets::url("favicon.svg"),
        }
    }
}
