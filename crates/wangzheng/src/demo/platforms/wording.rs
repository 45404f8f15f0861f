//! What each platform says on its first page, in both languages.

/// Chinese, English.
pub(super) type Text = (&'static str, &'static str);

/// The words of one platform.
pub(super) struct Wording {
    /// Heading of the first page.
    pub(super) heading: Text,
    /// What it is about.
    pub(super) lead: Text,
    /// What the 网证 gives this platform.
    pub(super) wangzheng: Text,
    /// Other ways: title, what happens, words on the button.
    pub(super) others: &'static [(Text, Text, Text)],
}

const EQUAL: Text = (
    "按法律要求，发言前要核验真实身份。选哪种方式由你决定，服务完全一样。",
    "The law asks for a verified identity before you post. The way is your choice; the service is the same.",
);
const RESULT_ONLY: Text = (
    "只告诉我们“是真实的人”和一个只在本站有效的标识。不提供姓名、证件号码、照片、手机号。",
    "Tells us “a real person” and an identifier that is good here only. No name, no document number, no photo, no phone.",
);
const PHONE: (Text, Text, Text) = (
    ("手机号码", "Phone number"),
    (
        "短信验证码核验实名手机号。",
        "A code by text message to your registered phone.",
    ),
    ("用手机号核验", "Verify by phone"),
);
const COUNTER: (Text, Text, Text) = (
    ("服务柜台", "Service counter"),
    (
        "携带证件到柜台，由工作人员人工核验。",
        "Bring your document; a clerk verifies it by hand.",
    ),
    ("到柜台核验", "Verify at a counter"),
);

const FORUM: Wording = Wording {
    heading: ("注册岚山论坛", "Join Lanshan Forum"),
    lead: EQUAL,
    wangzheng: RESULT_ONLY,
    others: &[PHONE, COUNTER],
};

const EXAM: Wording = Wording {
    heading: ("考场入场核验", "Check in at the examination room"),
    lead: (
        "入场前核验考生是报名本人，防止替考。两种方式任选。",
        "Before you enter we make sure that you are who registered. Either way will do.",
    ),
    wangzheng: (
        "网证加人像，在你自己的手机上完成。我们只收到“是真实的人”和本考试的标识，收不到人像。",
        "网证 with face, on your own phone. We receive “a real person” and an identifier for this exam, and no picture.",
    ),
    others: &[(
        ("当场查验", "On the spot"),
        (
            "由监考人员查验证件原件，不拍照、不比对人脸。",
            "An invigilator looks at your original document: no photo, no face comparison.",
        ),
        ("请监考人员查验", "Ask an invigilator"),
    )],
};

const BANK: Wording = Wording {
    heading: ("开立个人账户", "Open an account"),
    lead: (
        "开户须核对并登记姓名和证件号码（《个人存款账户实名制规定》第七条）。",
        "To open an account, name and document number are checked and registered (Rules on Real Names of Deposit Accounts, Art. 7).",
    ),
    wangzheng: (
        "我们请求核验结果，并请求姓名和证件号码：每一项都须你单独同意，只有我们能解密。不同意也会得到核验结果，可到网点登记。",
        "We ask for the result, and for name and document number: each needs your separate consent, and only we can decrypt it. Without it we still get the result, and you register at a branch.",
    ),
    others: &[(
        ("营业网点", "A branch"),
        (
            "携带证件原件到任一网点办理。",
            "Bring your original document to any branch.",
        ),
        ("到网点办理", "Go to a branch"),
    )],
};

const GAME: Wording = Wording {
    heading: ("注册逐浪游戏", "Join Zhulang Games"),
    lead: (
        "游戏账号须实名注册。选哪种方式由你决定，服务完全一样。",
        "Game accounts need a verified identity. The way is your choice; the service is the same.",
    ),
    wangzheng: (
        "核验结果，加上一个年龄标识：是否未满 18 周岁，须你单独同意。没有出生日期。",
        "The result, and one age marker with your separate consent: whether you are under 18. No date of birth.",
    ),
    others: &[PHONE],
};

const GREEDY: Wording = Wording {
    heading: ("注册多要商城", "Join Duoyao Shop"),
    lead: (
        "这个商城只获准得到核验结果，却想要姓名、证件号码和出生日期。看看会发生什么。",
        "This shop was approved for the result alone, and asks for name, document number and birth date. See what happens.",
    ),
    wangzheng: (
        "我们“顺便”也要一下你的姓名、证件号码和出生日期。",
        "“While we are at it” we ask for your name, document number and birth date.",
    ),
    others: &[PHONE],
};

const LAB: Wording = Wording {
    heading: ("开发者实验室", "Developers' Lab"),
    lead: (
        "沙箱接入：client_secret，请求经浏览器发出，不必预先推送（PAR）。只可使用合成身份和仅结果的场景。",
        "Sandbox profile: a client secret, the request goes through the browser, PAR is optional. Synthetic identities, result only.",
    ),
    wangzheng: RESULT_ONLY,
    others: &[(
        ("测试账号", "Test account"),
        ("无需核验，直接进入。", "Enter without verification."),
        ("使用测试账号", "Use a test account"),
    )],
};

/// What an attribute is called.
pub(super) fn attribute(name: &str) -> Option<Text> {
    Some(match name {
        "name" => ("姓名", "Name"),
        "document_number" => ("证件号码", "Document number"),
        "age_marker" => ("年龄标识", "Age marker"),
        _ => return None,
    })
}

/// The words of a platform.
pub(super) fn of(name: &str) -> &'static Wording {
    match name {
        "exam" => &EXAM,
        "bank" => &BANK,
        "game" => &GAME,
        "greedy" => &GREEDY,
        "lab" => &LAB,
        _ => &FORUM,
    }
}
