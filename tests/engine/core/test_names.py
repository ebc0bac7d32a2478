"""What a display name may be, and which names are too alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.core import names
from tact_engine.core.confusables import read_prototypes
from tact_engine.core.errors import Refused
from tact_engine.core.names import (
    MARKS_MAX,
    NAME_LENGTH_MAX,
    RESERVED,
    alike,
    canonical,
    check_free,
    check_name,
    skeleton,
)
from tact_engine.core.presence import ALIAS, ATTRIBUTES

# Each row: what somebody is called, and what others may not be called then.
TAKEN = [
    # case, blanks, punctuation, symbols
    ("Mary Wood", "mary wood", "MARY WOOD", "mary  wood", "Mary\u00a0Wood", "Mary-Wood"),
    ("Mary Wood", "MaryWood", "Mary Wood."),
    ("Mary Wood", "Mary Wood ✓", "✔️ Mary Wood", "Mary Wood 😀", "“Mary” Wood", "mary.wood"),
    ("Mary Wood", "(Mary Wood)", "mary_wood"),
    ("Conan O'Brien", "Conan O’Brien", "Conan OʼBrien", "Conan O`Brien", "Conan O´Brien"),
    ("Conan O'Brien", "Conan Oʹbrien", "CONAN OBRIEN"),
    ("José (Lager 2)", "Jose\u0301 (Lager 2)", "José Lager 2", "José [Lager 2]", "JOSÉ (LAGER 2)"),
    ("José (Lager 2)", "José (Lager\u20022)"),
    # Latin among itself: I l 1 |, O 0, rn m, vv w, ligatures, styles, small capitals
    ("Alice", "AIice", "aIice", "A1ice", "A|ice", "Αlice", "ALICE", "𝐀𝐥𝐢𝐜𝐞", "𝓐𝓵𝓲𝓬𝓮", "Ⓐⓛⓘⓒⓔ"),
    ("Alice", "Ａｌｉｃｅ", "Alicе"),
    ("Mary Wood", "rnary wood", "Mary W00d", "Mary VVood", "Mary VV00d", "ᴹary Wood", "ℳary Wood", "Mary Wo०d"),
    ("Tim Little", "TlM LlTTLE", "ТIM LITTLE", "T1M LITTLE", "T|M LITTLE", "Tım Little"),
    ("Tim Little", "Tim Litt1e", "Tim LittIe"),
    ("Ian", "lan", "1an", "|an", "IAN", "ian", "Іan", "Ӏan", "ǀan"),
    ("Sofia", "Soﬁa", "Sоfia", "Sοfia", "Sofіa", "Ѕofia", "Sofiа", "Sofiɑ", "SOFIA", "So\u200bfia"),
    ("Æsa Bæk", "AEsa Baek", "Ӕsa Bæk"),
    # Cyrillic, Greek, Cherokee, Armenian, Lisu as Latin
    ("Mary Wood", "Маry Wood", "Mаry Wood", "Маrу Wооd", "Μary Wood", "Mary Ԝood", "Mаry W00d"),
    ("Mary Wood", "Ꮇary Wood", "ꓟary Wood"),
    ("Peter Cox", "Реter Cox", "Рeter Сox", "Ρeter Cox", "PETER СОХ", "Рetеr Соx", "Peter Cσx"),
    ("Peter Cox", "Pеtеr Cοx", "Peter Сoх"),
    ("Robert", "Rоbert", "Rοbert", "Robеrt", "Ꭱobert", "Robeгt"),
    ("Jesse Aho", "Јesse Aho", "Jeѕѕe Aho", "Jesse Аho", "Jesse Αho", "Jessе Аhо", "Jesse Ahօ", "ϳesse Aho"),
    ("Henry", "Неnry", "Ηenry", "Henrу", "Hеnrу", "НЕNRY", "Ꮋenry", "Нenry"),
    # other scripts in their own case, and Latin among them
    ("Маша", "маша", "МАША", "Mаша", "Мaша", "Машa", "Maшa"),
    ("Нина", "нина", "НИНА", "Hина"),
    ("Γιώργος", "γιώργος", "ΓΙΏΡΓΟΣ", "Γιώργoς", "Γιώργοσ"),
    ("νίκη", "Νίκη", "ΝΊΚΗ", "𝛮ΊΚΗ"),
    ("ヤマダ", "ﾔﾏﾀﾞ", "ヤマ\u30bf\u3099"),
    ("工藤", "エ藤"),
    ("علی رضا", "علی\u200cرضا", "علیرضا"),
    ("محمد ٥", "محمد o"),
    ("김민수", "\u1100\u1175\u11b7\u1106\u1175\u11ab\u1109\u116e"),
    ("İpek", "ipek", "Ipek", "i\u0307pek"),
    ("Straße", "STRASSE", "Strasse", "Stra\u1e9ee", "Straβe"),
    ("श्री", "श\u094d\u200dरी", "श\u094d\u200cरी"),
    ("葛城", "葛\U000e0100城"),
]  # fmt: skip
LOOK_ALIKES = [(first, other) for first, *others in TAKEN for other in others]

# Each row: people who can all be in one office.
DIFFERENT = [
    "Ian Lan Jan Dan Ann Anna Hanna Hannah Johanna Ana Anne Arne Ana-Lena Lena Lina Iina Ina Nina Tina Dina",
    "Ilse Lise Elise Elisa Lisa Isa Ida Ada Aida Adam Eda Ilia Lila Lilia Lilla Julia Julla Jula Jule",
    "Maria Marla Mara Mira Mia Mina Minna Mona Moana Marie Mary Mari Mario Marlo Marco Marko Mark Marc Max",
    "Elia Ella Eli Ela Emil Emilia Emma Ema Gail Gall Kai Kal Karl Carl Carla Clara Dara Claus Klaus Nils Niels",
    "Al Ai Li Lu Ly Le Lee Leo Lea Leah Bo Bob Rob Ro Jo Joe Jon John Joan Tom Tim Kim Jim",
    "Jose José Josef Josefa René Renée Rene Müller Muller Mueller Möller Moller Miller Müllner Håkan Hakan",
    "Søren Sören Soren Sorin Łukasz Lukasz Lukas Lucas Šimon Simon Simona Jiří Jiri Zoë Zoe Chloé Chloe",
    "Nguyễn Nguyên Nguyen Trần Tran Trân Lê Lễ Phạm Phan Phùng Đặng Dang Hoàng Hoang Huỳnh Vũ Võ Vo",
    "Ayşe Ayse Çağla Cagla Gül Gul Işık Özge Ozge Ümit Umit Ömer Omer Ekin Erkin Enver Eren",
    "Анна Аня Инна Нина Нонна Ирина Марина Мария Марья Иван Игорь Олег Ольга Пётр Зоя Юля Юлия Яна",
    "Наталія Наталя Ігор Іван Їжак Євген Оксана Олена Алена Тарас Богдан Гриць Ґалаґан Галаган",
    "Γιώργος Γεωργία Μαρία Μαρίνα Νίκος Νίκη Ελένη Έλενα Άννα Ιωάννα Πέτρος Ρένα Σοφία Κώστας",
    "דן דין יעל על אל שרה שירה דוד דודי נועה נעה יונתן יוני משה רות רותי אורי אור",
    "محمد محمود أحمد حمد علي علا عالية ليلى ليل سارة سمير سميرة نور نورة هند هدى وليد خالد",
    "رضا زهرا زهره مهدی مهدیه پریسا پروین شیرین نسرین کیان کیانا بهرام بهنام",
    "अनिल अनिता सुनील सुनीता राम रमा राधा सीता गीता मीना मीरा विजय अजय संजय",
    "অনিল সুনীল রবি রীতা মিতা গীতা தமிழ் கமலா விமலா రాము రాజు రవి ಕಮಲ ವಿಮಲ",
    "王伟 王芳 王明 李明 李娜 張偉 张伟 陈静 陳靜 土田 上田 下田 吉田 古田 大田 太田 犬田 工藤 江藤",
    "さくら さくや ゆき ゆうき ゆか タロウ ジロウ ハルカ ハルキ カナ カナエ ケン ゲン ヘレン ベレン ペレン",
    "김민수 김민서 김민지 이민수 이민호 박지은 박지운 박지음 최은 최운 윤서 은서 음서 정희 정히",
    "สมชาย สมหญิง สมศรี อนันต์ อนงค์ วิชัย วิชาญ กก ขข ကျော် ကျော မြ မြို့",
    "თამარ თამთა გიორგი გიგა Անի Աննա Արամ Արմեն ሰላም ሰለሞን አበበ አቤል",
    "C3 C4 X1 X2 Lager2 Lager3 Lager23 Lager22 Halle5 Halle6 Schicht8 Schicht9",
]  # fmt: skip


def is_refused(name):
    """Whether `name` cannot be one."""
    try:
        check_name(name)
    except Refused as refused:
        return refused.code == "bad_name"
    return False


@pytest.mark.parametrize(("name", "other"), LOOK_ALIKES)
def test_a_name_that_could_be_taken_for_another_is_refused(name, other):
    with pytest.raises(Refused) as refused:
        check_free(other, {"somebody": name})
    assert refused.value.code == "name_taken"
    assert alike(name, other)
    assert alike(other, name)


def test_the_tables_are_large_and_hold_no_name_twice():
    assert len(LOOK_ALIKES) > 130
    assert [row for row in DIFFERENT if len(set(row.split())) < len(row.split())] == []
    assert [pair for pair in LOOK_ALIKES if pair[0] == pair[1]] == []


@pytest.mark.parametrize("row", DIFFERENT)
def test_people_with_different_names_can_all_be_here(row):
    names = row.split()
    pairs = [(one, other) for at, one in enumerate(names) for other in names[:at]]
    assert [(one, other) for one, other in pairs if alike(one, other)] == []
    for name in names:
        check_name(name)
        check_free(name, {})


def test_a_skeleton_is_one_string_for_all_that_is_drawn_alike():
    names = ["Mary Wood", "mary  wood", "Маry Wood", "Mаry W00d", "rnary vvood", "M\u0430ry\u200b Wood 😀"]
    assert {skeleton(name) for name in names} == {"rnaryvvood"}
    assert skeleton("😀 – !") == ""


def test_a_skeleton_leaves_case_aside_but_for_the_letter_that_i_would_become():
    assert skeleton("ANNA") == skeleton("anna")
    assert skeleton("Lan") != skeleton("Ian") == skeleton("lan")
    assert alike("Lan", "lan")


def test_a_name_is_compared_with_names_and_handles():
    others = {"mary.wood": "Mary", "x9": "", "bob": "Robert"}
    for name, like in [
        ("Mary Wood", "mary.wood"),
        ("MARY", "Mary"),
        ("X 9", "x9"),
        ("Воb", "bob"),
        ("Rоbert", "Robert"),
    ]:
        with pytest.raises(Refused) as refused:
            check_free(name, others)
        assert refused.value.code == "name_taken"
        assert f"“{name}” looks like the name of {like}." in refused.value.text
    check_free("Mary Woods", others)
    check_free("Bobby", others)


def test_two_names_of_which_nothing_is_left_are_not_alike():
    assert not alike("..", "--")
    assert not alike("¯", "¯")
    check_free("..", {"--": "", "__": "😀"})


@pytest.mark.parametrize(
    "word",
    [
        *sorted(RESERVED),
        "ADMIN", "Admin", "ADMlN", "Аdmin", "a d m i n", "admin!", "Tact 🔔", "ＴＡＣＴ", "НОST", "r00t",
        "Me",
    ],
)  # fmt: skip
def test_a_word_that_speaks_for_another_is_nobodys_name(word):
    with pytest.raises(Refused, match="could be taken for the engine") as refused:
        check_free(word, {})
    assert refused.value.code == "bad_name"


@pytest.mark.parametrize(
    "name", ["Ada Host", "Root, Joe", "Me Lin", "Systema", "Alla", "Tacita", "Adminah", "Guestin"]
)
def test_a_reserved_word_within_a_name_is_none(name):
    check_free(name, {})


GOOD = [
    "O'Brien", "José (Lager 2)", "Anna 😀", "Mary ❤️", "Ada 👩\u200d💻", "Ben 👩🏽\u200d🚀",
    "Li 🏳️\u200d🌈", "Kim 🤷\u200d♂️", "Eva 1️⃣",
    "علی\u200cرضا", "مُحَمَّد", "שָׁרָה", "श\u094d\u200dरी", "क\u094d\u200cष", "ශ්\u200dරියානි",
    "র\u200d\u09cdযাচেল",
    "ကျော်", "မြို့", "བསྒྲུབས", "ฎีกาที่", "Nguyễn Thị Ứng", "辻\U000e0100", "7", "X Æ A-12",
    "Jean-Luc, Dr.", "c/o Ada & Bo", "김민수",
    "A" * NAME_LENGTH_MAX, f" {'é' * NAME_LENGTH_MAX}\n", "e\u0301" * NAME_LENGTH_MAX,
    "a\u0323\u0307\u0302\u0301" * 3,
]  # fmt: skip

BAD = [
    ("", "no letter"), (" ", "no letter"), ("😀", "no letter"), ("…", "no letter"),
    ("👩\u200d💻", "no letter"), ("ʼʼ", "no letter"), ("😀\u0301", "no letter"), ("¯", "no letter"),
    ("A" * (NAME_LENGTH_MAX + 1), "61 characters; 60 are possible"),
    ("Mary\nWood", "line break"), ("Mary\u2028Wood", "U+2028"), ("Mary\u2029Wood", "U+2029"),
    ("Ma\x00ry", "U+0000"),
    ("Ma\x1b[31mry", "U+001B"), ("Ma\x7fry", "U+007F"), ("Ma\x85ry", "U+0085"),
    ("\u202eyraM", "U+202E"), ("Mary\u2066", "U+2066"), ("Mary\u200f", "U+200F"), ("Ma\u061cry", "U+061C"),
    ("Ma\u200bry", "U+200B"),
    ("Ma\u00adry", "U+00AD"), ("Ma\ufeffry", "U+FEFF"), ("Ma\u2060ry", "U+2060"),
    ("Mary🏴\U000e0067\U000e007f", "U+E0067"),
    ("Ma\u034fry", "U+034F"), ("Mary\u3164", "U+3164"), ("\u3164", "U+3164"), ("\u115fA", "U+115F"),
    ("Mary\u2800", "U+2800"),
    ("Ma\u180bry", "U+180B"), ("\U0001d159A", "U+1D159"), ("Ma\ufff9ry", "U+FFF9"),
    ("Mary\ufe0f", "U+FE0F"), ("\ufe0fMary", "U+FE0F"), ("Mary ❤\ufe0f\ufe0f", "U+FE0F"),
    ("Mary \U000e0100", "U+E0100"),
    ("Ma\u200dry", "U+200D"), ("Ma\u200cry", "U+200C"), ("\u200dMary", "U+200D"), ("Mary\u200d", "U+200D"),
    ("Anna 👩\u200d", "U+200D"),
    ("Anna \u200d💻", "U+200D"), ("Anna 👩\u200c💻", "U+200C"), ("علی\u200dرضا", "U+200D"),
    ("علی\u200cA", "U+200C"), ("A\u200cعلی", "U+200C"),
    ("Mary 👩\u200da", "U+200D"), ("श\u094d\u200d\u200dरी", "U+200D"), ("A\u200d\u094d", "U+200D"),
    ("Ma\ue000ry", "does not know (U+E000)"), ("Ma\ud800ry", "U+D800"), ("Ma\U000e0fffry", "U+E0FFF"),
    ("Ma\ufdd0ry", "U+FDD0"),
    ("Z\u0323\u0307\u0302\u0301\u0300algo", "too many accents"), ("Mary\u0336\u0336", "too many accents"),
    ("\u0301Mary", "no letter"),
    ("Mary \u0301Wood", "accent stands on no letter"), ("Mary \u0903", "accent stands on no letter"),
]  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_names_of_every_script_are_possible(name):
    check_name(name)


@pytest.mark.parametrize(("name", "detail"), BAD, ids=ascii)
def test_what_cannot_be_a_name_is_refused_with_the_reason(name, detail):
    with pytest.raises(Refused) as refused:
        check_name(name)
    assert refused.value.code == "bad_name"
    assert detail in refused.value.text


def test_a_name_is_as_long_as_the_presence_document_lets_it_be():
    assert ATTRIBUTES[ALIAS].length_max == NAME_LENGTH_MAX


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("  Mary \t Wood\r\n", "Mary Wood"),
        ("Mary\u00a0\u2003\u3000Wood", "Mary Wood"),
        ("Jose\u0301", "José"),
        ("Ma\nry", "Ma\nry"),
        ("\u212bsa", "Åsa"),
        ("ﬁ", "ﬁ"),
        ("\n", ""),
    ],
)
def test_a_name_has_one_stored_form(text, stored):
    assert canonical(text) == stored


def test_no_character_without_a_shape_of_its_own_is_possible_among_latin_letters():
    for code in [*range(0x3000), *range(0xD7F0, 0xE010), *range(0xFDD0, 0xFE00), *range(0xFFE0, 0x10000)]:
        if unicodedata.category(chr(code)).startswith("C") and chr(code) != "\t":
            with pytest.raises(Refused):
                check_name(f"A{chr(code)}B")


ODD = st.sampled_from(
    "aIl1|0OmMwWLіІМмНнİıß\u0301\u0307\u0323\u200c\u200d\ufe0f\u094dशा ع\u00a0\u3000\n\u202e👩💻ﬁＡ¯´\u3164𝐀ªʼי"
)
TEXTS = st.text(st.one_of(ODD, ODD, st.characters()), max_size=24)


@given(TEXTS)
def test_the_stored_form_is_stable_and_draws_the_same(text):
    stored = canonical(text)
    assert canonical(stored) == stored
    assert skeleton(stored) == skeleton(text)
    assert skeleton(skeleton(text)) == skeleton(text)


@given(TEXTS)
def test_whatever_is_not_refused_is_safe_to_store_and_to_show(text):
    stored = canonical(text)
    assert is_refused(text) == is_refused(stored)
    if is_refused(text):
        return
    assert stored.encode().decode() == stored == stored.strip()
    assert 0 < len(stored) <= NAME_LENGTH_MAX
    assert stored.isprintable() or set(stored) & {"\u200c", "\u200d"}
    assert not {unicodedata.category(char) for char in stored} & {"Cc", "Co", "Cn", "Cs", "Zl", "Zp"}
    assert skeleton(stored)


@given(TEXTS, TEXTS)
def test_being_alike_is_mutual_and_a_name_is_alike_to_itself_in_any_case(one, other):
    assert alike(one, other) == alike(other, one)
    assert alike(one, one) == alike(one, canonical(one)) == bool(skeleton(one))
    if skeleton(one) and "ŉ" not in one:
        assert alike(one, one.casefold())


@given(st.text("aé\u0301\u0302\u0323\u0307\u0300 ", max_size=16))
def test_a_letter_carries_few_accents(text):
    marks = 0
    for char in "" if is_refused(text) else unicodedata.normalize("NFD", canonical(text)):
        marks = marks + 1 if unicodedata.combining(char) else 0
        assert marks <= MARKS_MAX


def test_the_table_of_look_alikes_is_what_is_looked_up():
    # Another test may have read it before; this one always does.
    assert names._prototypes.__wrapped__() == read_prototypes() != {}


def test_what_is_far_too_long_is_refused_before_it_is_put_in_order(monkeypatch):
    monkeypatch.setattr(names, "normalize", None)
    with pytest.raises(Refused, match="it has 30001 characters; 60 are possible"):
        names.stored("a" + "\u0301" * 30_000)


def test_the_stored_form_is_canonical_and_can_be_shown():
    assert names.stored("  Mary   Wood ") == "Mary Wood"
    with pytest.raises(Refused):
        names.stored("x" * 61)
