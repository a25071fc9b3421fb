"""Texts that trip careless programs. Every one of them can be typed or pasted, and must come out as it went in."""

FAMILY = "👨\u200d👩\u200d👧\u200d👦"

MARKUP = [
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</textarea",
    "<!-- 見えない -->",
    "<![CDATA[ x ]]>",
    "<b>太字</b>&lt;i&gt;",
    "&amp;&lt;&#60;&nbsp;&unknown;",
    "&#0;&#x110000;",
    '" onmouseover="alert(1)" x=\'',
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y 'z'>]>&y;",
    "<link rel=attachment href=file:///etc/passwd>",
    "<style>*{display:none}</style>",
]
TEMPLATES = [
    "{{ settings.SECRET_KEY }}",
    "{% load portal %}{% debug %}",
    "{# 注釈 #}",
    "{typed}",
    "{last_year}",
    "{0}{1}{}",
    "{{typed}}",
    "{typed.__class__.__mro__}",
    "{",
    "}",
    "{{{}}}",
    "%s %d %(name)s %",
    "${jndi:ldap://127.0.0.1/a}",
    "#{7*7}",
    "\ue000",
    "\ue001\ue000",
]
QUOTES = [
    "'",
    '"',
    "`",
    "\\",
    "\\'",
    "\\n\\r\\u0000",
    "\\x00%00",
    "'; drop table surveys_draftpart; --",
    "1' or '1'='1",
    "$$ $1 :name ?",
    '{"answers": null}',
    "\\ud800",
]
SHEETS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "＝１＋１"]
LETTERS = [
    "髙﨑𠮷濵瀨桒槗栁德𣘺",
    "葛\U000e0100城と葛\U000e0101飾",
    "か\u3099き\u3099と が ぎ",
    "ｶﾞｷﾞ ｱｲｳ Ａ１ ﾊﾟ",
    "①㈱㍻℡Ⅳ ㋿",
    "〜～ −－ ‖∥ ￠￡￢",
    FAMILY + "👍🏽🇯🇵❤️\u200d🔥1️⃣",
    "שלום عربي \u200ftext\u200e",
    "\u202e逆さ\u202c \u2066isolate\u2069",
    "ゼロ\u200b幅\u2060の\ufeff文字",
    "a\u00adb\u00a0c\u3000d\u2003e",
    "e\u0301\u0302\u0303 Z͑ͫ̓ͪ̂",
    "\U000f0000\U0010fffd",
    "각 각 ไทย हिन्दी",
    "\u2028行\u2029段落",
]
SPACES = [
    "\n先頭の改行",
    "\n\n\n",
    "末尾の改行\n\n",
    "一行目\n\n三行目\n",
    "\tタブ\t\t",
    "  前後の空白  ",
    "　全角の空白　",
    " ",
    "\n",
]
LONG = [
    "あ" * 40,
    "w" * 40,
    FAMILY * 40,
    "\U000e0100" + "葛\U000e0100" * 39,
    "。" * 39 + "\n",
]
WORDS = ["0", "null", "None", "undefined", "NaN", "true", "[]", "-", "on", "1e309"]

CORPUS = MARKUP + TEMPLATES + QUOTES + SHEETS + LETTERS + SPACES + LONG + WORDS

# What comes in over the wire with other line ends, and what is stored of it.
LINE_ENDS = [
    ("一\r\n二", "一\n二"),
    ("一\r二", "一\n二"),
    ("\r\n一", "\n一"),
    ("一\r\n\r\n二\r\n", "一\n\n二\n"),
    ("一\r\r二", "一\n\n二"),
]
