//! HTML that has fooled others, for the tests of everything that cleans HTML.

/// Mutation and scheme tricks that have worked against some sanitiser or some mail program.
pub(crate) const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.org/a.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"x\"onerror=\"alert(1)\">",
    "<img/src/onerror=alert(1)>",
    "<img src=`x`onerror=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\" &#14; javascript:alert(1)\">x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\"jav&#x0A;ascript:alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt&colon;alert(1)\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>",
    "<a href=\"vbscript:x\">x</a>",
    "<a href=\"file:///etc/passwd\">x</a>",
    "<a href=\"//x.org/\">x</a><a href=\"/path\">y</a><a href=\"#z\">z</a>",
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a title=\"</style><img src onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea><img title=\"</textarea><img src onerror=alert(1)>\"></textarea>",
    "<title><img title=\"</title><img src onerror=alert(1)>\"></title>",
    "<xmp><p title=\"</xmp><img src onerror=alert(1)>\">",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<object data=\"javascript:alert(1)\"></object><embed src=\"javascript:alert(1)\">",
    "<base href=\"javascript:/a/+alert(1)//\"><a href=\"x\">x</a>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=\"javascript:alert(1)\">",
    "<form action=\"javascript:alert(1)\"><input type=submit><button formaction=\"javascript:alert(1)\">x",
    "<style>@import 'javascript:alert(1)';</style>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<div style=\"width:expression(alert(1));position:fixed\">x</div>",
    "<div style=\"x:\\65xpression(alert(1))\">x</div>",
    "<p onclick=alert(1) onmouseover='alert(1)'>x</p>",
    "<table background=\"javascript:alert(1)\"><td background=\"javascript:alert(1)\">x",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?><script>alert(1)</script>",
    "<a href=\"https://x.org/\" target=_blank ping=\"https://y.org\" onclick=x>x</a>",
    "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
    "<img srcset=\"javascript:alert(1) 1x\" src=\"cid:a\">",
    "<video poster=javascript:alert(1)><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>x</details>",
    "<select><option><style></option></select><img src=x onerror=alert(1)></style>",
    "<template><script>alert(1)</script></template>",
    "<p title=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\">x</p>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href=\"xslot0x000001e:alert(1)\">x</a>",
    "<a href=\"xslot0x000001ejavascript:alert(1)\">x</a>",
];

/// What a browser could run or load, looked for in the tags of cleaned HTML, of which only `allowed`
/// ones may be there.
pub(crate) fn has_active_content(html: &str, allowed: &[&str]) -> bool {
    let lower = html.to_lowercase();
    let tags = lower
        .split('<')
        .skip(1)
        .map(|tag| tag.split('>').next().unwrap_or_default());
    tags.into_iter().any(|tag| {
        let name = tag
            .split([' ', '/'])
            .find(|n| !n.is_empty())
            .unwrap_or_default();
        let handler = tag.split(' ').any(|attribute| attribute.starts_with("on"));
        let scheme = [
            "\"javascript:",
            "\"data:",
            "\"vbscript:",
            "\"file:",
            "url(",
            "expression(",
        ];
        !allowed.contains(&name) || handler || scheme.iter().any(|s| tag.contains(s))
    })
}
