"""People's names in a text: every writing is seen, words that are no names are left to a person."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.documents.names_in_text import SHARED, People
from app.documents.person_names import Named
from tests.limits import within

PEOPLE = People(
    [
        Named("c1", "Child 1", ("Zoë Anne Marsh-Lee", "Zed")),
        Named("c2", "Child 2", ("May Will", "Baby Will")),
        Named("f1", "Family member 1", ("Siobhán O’Connor", "Shiv aka Bonnie")),
        Named("f2", "Family member 2", ("Smith, John",)),
        Named("f3", "Family member 3", ("Mr Peter Smith",)),
        Named("f4", "Family member 4", ("Unknown",)),
        Named("f5", "Family member 5", ("Xi He",)),
        Named("f6", "Family member 6", ("Fiona McDonald",)),
        Named("f7", "Family member 7", ("Jürgen Weiß",)),
        Named("p1", "Professional 1", ("Işıl Yılmaz",)),
        Named("p2", "Professional 2", ("محمد بن عبد الله",)),
        Named("p3", "Professional 3", ("রহিমা খাতুন",)),
        Named("p4", "Professional 4", ("王小明",)),
        Named("p5", "Professional 5", ("Наталья Петрова",)),
        Named("p6", "Professional 6", ("Đặng Thị Ngọc",)),
        Named("p7", "Professional 7", ("Maria da Silva Santos",)),
        Named("p8", "Professional 8", ("Əli Adébáyọ̀",)),
        Named("p9", "Professional 9", ("דוד לוי",)),
        Named("pb", "Professional 11", ("김민준",)),
        Named("pa", "Professional 10", ("not known", "n/a", "-", "", "?")),
    ]
)

#: the writing → what has to stand there; the whole writing is the name
CERTAIN = {
    "as recorded": ("Zoë Anne Marsh-Lee", "Child 1"),
    "without the middle name": ("Zoë Marsh-Lee", "Child 1"),
    "small letters, no accent, no hyphen": ("zoe marsh lee", "Child 1"),
    "capitals": ("ZOË MARSH-LEE", "Child 1"),
    "a handle": ("jurgenweiss", "Family member 7"),
    "a tag": ("SiobhanOConnor", "Family member 1"),
    "decomposed": ("Zoe\u0308 Marsh-Lee", "Child 1"),
    "a zero-width joiner inside": ("Z\u200doë Marsh-Lee", "Child 1"),
    "a soft hyphen inside": ("Zoë M\u00adarsh-Lee", "Child 1"),
    "a zero-width space inside": ("Ma\u200brsh-Lee", "Child 1"),
    "a hyphen that does not break": ("Zoë Marsh\u2011Lee", "Child 1"),
    "a dash": ("Zoë Marsh–Lee", "Child 1"),
    "run together": ("MarshLee", "Child 1"),
    "no-break spaces": ("Zoë\u00a0Anne\u202fMarsh-Lee", "Child 1"),
    "over a line": ("Zoë\n  Marsh-Lee", "Child 1"),
    "a line broken with a hyphen": ("Mar-\nsh", "Child 1"),
    "surname in front": ("Marsh-Lee, Zoë", "Child 1"),
    "surname in front, with the middle name": ("MARSH-LEE, Zoë Anne", "Child 1"),
    "an initial": ("Z. Marsh-Lee", "Child 1"),
    "two initials": ("Z. A. Marsh-Lee", "Child 1"),
    "an initial behind": ("Marsh-Lee, Z.", "Child 1"),
    "middle initial": ("Zoë A. Marsh-Lee", "Child 1"),
    "half of a double-barrelled name": ("Marsh", "Child 1"),
    "full-width letters": ("Ｍａｒｓｈ", "Child 1"),
    "another apostrophe": ("Siobhan O'Connor", "Family member 1"),
    "a letter for the apostrophe": ("Oʼconnor", "Family member 1"),
    "no apostrophe": ("OConnor", "Family member 1"),
    "a space for the apostrophe": ("O Connor", "Family member 1"),
    "an alias behind aka": ("Bonnie", "Family member 1"),
    "first name alone": ("Siobhán", "Family member 1"),
    "as in an address": ("john.smith", "Family member 2"),
    "first names that others do not have": ("John", "Family member 2"),
    "one of two of a surname": ("Smith, John", "Family member 2"),
    "initial of one of two": ("J Smith", "Family member 2"),
    "recorded with a title": ("Peter Smith", "Family member 3"),
    "a surname of two people": ("Smith", SHARED),
    "the plural": ("Smiths", SHARED),
    "Mac for Mc": ("Fiona MacDonald", "Family member 6"),
    "Mc with a space": ("Mc Donald", "Family member 6"),
    "a ligature": ("ﬁona", "Family member 6"),
    "umlaut left out": ("Jurgen", "Family member 7"),
    "umlaut spelt out": ("Juergen Weiss", "Family member 7"),
    "Turkish without the dot": ("ışıl yılmaz", "Professional 1"),
    "Turkish on an English keyboard": ("ISIL YILMAZ", "Professional 1"),
    "Arabic without the particle": ("محمد عبد الله", "Professional 2"),
    "Arabic with its vowels": ("مُحَمَّد", "Professional 2"),
    "Bengali": ("রহিমা", "Professional 3"),
    "Chinese": ("王小明", "Professional 4"),
    "Russian": ("Наталья", "Professional 5"),
    "Vietnamese without its signs": ("Dang Thi Ngoc", "Professional 6"),
    "surname with its particle": ("da Silva Santos", "Professional 7"),
    "Yoruba without its signs": ("Adebayo", "Professional 8"),
    "Hebrew": ("דוד לוי", "Professional 9"),
    "a name of words, with capitals": ("May Will", "Child 2"),
}  # fmt: skip


@pytest.mark.parametrize(("written", "instead"), CERTAIN.values(), ids=CERTAIN)
@pytest.mark.parametrize("around", ["{}", "Then {} came.", "“{}”", "x, {}: y", "({})", "a/{}/b"])
def test_every_writing_of_a_name_is_seen(written: str, instead: str, around: str) -> None:
    text = around.format(written)
    (place,) = PEOPLE.places(text)
    assert (text[place.start : place.end], place.instead) == (written, instead)
    assert place.certain


@pytest.mark.parametrize("text", ["김민준이 왔다", "김민준은", "김민준", "@jurgenweiss came"])
def test_a_name_to_which_something_is_joined_is_seen(text: str) -> None:
    (place,) = PEOPLE.places(text)
    assert place.certain


@pytest.mark.parametrize("behind", ["’s", "'s", "’", "´s", "ʼs"])
def test_a_possessive_stays_behind_the_pseudonym(behind: str) -> None:
    text = f"at Marsh{behind} home"
    (place,) = PEOPLE.places(text)
    assert text[: place.start] + place.instead + text[place.end :] == f"at Child 1{behind} home"


#: sentence → what of it somebody has to look at
DOUBTFUL = {
    "a short name": ("then Zed came", ["Zed"]),
    "a short first name": ("Zoë came", ["Zoë"]),
    "half of a double-barrelled name, short": ("Ms Lee came", ["Lee"]),
    "a month that is a name": ("In May she left", ["May"]),
    "a verb that is a name": ("it may go", ["may"]),
    "two words that are a name": ("he said will may", ["he", "will", "may"]),
    "what somebody without a name was called": ("The cause is unknown", ["unknown"]),
    "a pronoun that is a name": ("he will go", ["he", "will"]),
    "initials": ("ZML was seen", ["ZML"]),
    "initials with dots": ("J.S. was seen", ["J.S."]),
    "a Cyrillic letter in a Latin name": ("Jоhn came", ["Jоhn"]),
    "a Greek letter in a Latin name": ("Μarsh came", ["Μarsh"]),
    "a Russian case": ("у Натальи", ["Натальи"]),
    "a letter swapped": ("Siobhna came", ["Siobhna"]),
    "a letter too few": ("Fionna and Fina", ["Fionna", "Fina"]),
    "a Chinese surname": ("王 said", ["王"]),
}


@pytest.mark.parametrize(("text", "expected"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_may_be_a_name_is_left_to_a_person(text: str, expected: list[str]) -> None:
    places = PEOPLE.places(text)
    assert [text[place.start : place.end] for place in places] == expected
    assert all(not place.certain and place.why for place in places)


#: as it was read in the papers of two finished cases
FAMILY = People(
    [
        Named("c1", "Child 1", ("May Ọlájídé-O’Brien", "Mayowa")),
        Named("c2", "Child 2", ("Anh Thư Nguyễn", "Annie")),
        Named("c3", "Child 3", ("Will Doherty",)),
        Named("f1", "Family member 1", ("Siobhán Ọlájídé-O’Brien",)),
        Named("f2", "Family member 2", ("Nguyễn Văn Đức",)),
        Named("f3", "Family member 3", ("Tạ Thị Hoa",)),
        Named("f4", "Family member 4", ("Pádraig Ó Dochartaigh",)),
    ]
)
READ: dict[str, tuple[str, str]] = {
    "first name and the Irish half": ("Siobhán O’Brien left", "Family member 1 left"),
    "the same, capitals, possessive": ("SIOBHAN O'BRIEN’s", "Family member 1’s"),
    "first name and the Yoruba half": ("Siobhan Olajide left", "Family member 1 left"),
    "an initial and a half": ("S. O’Brien left", "Family member 1 left"),
    "a half first": ("O’Brien, Siobhán", "Family member 1"),
    "all apart": ("Siobhan Olajide O Brien", "Family member 1"),
    "the family": ("the Ọlájídé-O’Briens’ home", f"the {SHARED}’ home"),
    "two given names": ("Anh Thu and I", "Child 2 and I"),
    "two given names with a hyphen": ("Anh-Thư slept", "Child 2 slept"),
    "short parts that are a whole name": ("Mrs Tạ Thị Hoa came", "Mrs Family member 3 came"),
    "middle and given name": ("Van Duc came", "Family member 2 came"),
    "family name and middle name": ("nguyen van came", "Family member 2 came"),
    "an O’ before a name": ("Ms O’Doherty came", "Ms Child 3 came"),
    "a word that looks like a plural": ("this question", "this question"),
    "its plural with an apostrophe": ("the O’s of it", "the O’s of it"),
}


@pytest.mark.parametrize(("text", "expected"), READ.values(), ids=READ)
def test_nothing_of_a_name_is_left_over_or_told_twice(text: str, expected: str) -> None:
    made, at = "", 0
    for place in FAMILY.places(text):
        if place.certain:
            made += text[at : place.start] + place.instead
            at = place.end
    assert made + text[at:] == expected


UNTOUCHED = [
    "May 2026", "12 May", "12th of May", "May 12", "April–May 2026", "1 May 2026 at 2pm",
    "01-May-26", "Johnson", "Goldsmith", "marshal", "Marshall's arts", "Smithsonian", "theremay",
    "Peterborough", "Not known", "n/a", "Not given", "Child 1", "the silvae", "Natasha",
]  # fmt: skip


@pytest.mark.parametrize("text", UNTOUCHED)
def test_dates_and_longer_words_stay(text: str) -> None:
    assert PEOPLE.places(text) == []


def test_two_people_of_one_name_share_what_stands_for_it() -> None:
    both = People([Named("a", "Child 1", ("John Smith",)), Named("b", "Child 2", ("John Smith",))])
    assert [place.instead for place in both.places("John Smith, J. Smith")] == [SHARED, SHARED]


def test_places_stand_in_order_and_none_overlaps_another() -> None:
    text = "Zoë Marsh-Lee, her mother Siobhan and the Smiths (John Smith, He) — may Zed Will"
    places = PEOPLE.places(text)
    assert all(a.end <= b.start for a, b in pairwise(places))
    assert [text[place.start : place.end] for place in places] == [
        "Zoë Marsh-Lee", "Siobhan", "Smiths", "John Smith", "He", "may", "Zed", "Will",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["(", "*", ".", "[a-z]+", "\\", "a{9999}", "'", "--", "A" * 3000])
def test_a_name_is_never_a_pattern(name: str) -> None:
    assert People([Named("a", "Child 1", (name,))]).places("an apple () . * text") == []


def test_a_long_text_is_read_in_passing() -> None:
    text = "The child lives with Zoe Marsh and they may go to school in May 2026. " * 3000
    with within(20):
        assert len(PEOPLE.places(text)) == 6000


@pytest.mark.parametrize("name", ["Sample Answer", "Report Child", "Grace Question"])
def test_a_name_of_everyday_words_is_certain_with_its_capitals_only(name: str) -> None:
    people = People([Named("a", "Child 1", (name,))])
    assert [one.certain for one in people.places(f"Then {name} came")] == [True]
    assert not any(one.certain for one in people.places(f"then {name.lower()} came"))
