"""Every function that Camunda's modeler offers in its list, in every form: what it gives here.

The list is that of the modeler's own package of built-ins and of its documentation (8.8 and 8.9).
`told` writes it into docs/conformance.md; `test_modeler` works every example out.
"""

from __future__ import annotations

from typing import NamedTuple

#: form | an example, by the names the modeler gives | its value here, or "refused" | a remark where
#: something is to be known
_FORMS = r"""
not(negand) | not(negand: true) | false |
is defined(value) | is defined(value: nope) | false | also of a path into an unknown name; an unknown name deeper in an expression stays a fault
get or else(value, default) | get or else(value: nope.x, default: 1) | 1 | the same
assert(value, condition) | assert(value: 1, condition: true) | 1 | where the condition is not true, a fault
assert(value, condition, cause) | assert(value: 1, condition: true, cause: "why") | 1 | the fault says the cause
get value(context, key) | get value(context: {a: 1}, key: "a") | 1 | `m` in the standard
get value(context, keys) | get value(context: {a: {b: 1}}, keys: ["a", "b"]) | 1 |
get entries(context) | get entries(context: {a: 1}) | [{key: "a", value: 1}] | `m` in the standard
context put(context, key, value) | context put(context: {a: 1}, key: "b", value: 2) | {a: 1, b: 2} |
context put(context, keys, value) | context put(context: {x: 1}, keys: ["y", "z"], value: 2) | {x: 1, y: {z: 2}} | what is missing on the way is made, by the standard it is null
context merge(contexts) | context merge(contexts: [{a: 1}, {b: 2}]) | {a: 1, b: 2} |
put(context, key, value) | put(context: {a: 1}, key: "b", value: 2) | {a: 1, b: 2} | the old name of `context put`
put all(contexts) | put all({a: 1}, {b: 2}) | {a: 1, b: 2} | the old name of `context merge`
string(from) | string(from: 1.10) | "1.10" | a number keeps its scale: `string(decimal(12.5, 2))` is "12.50"
number(from) | number(from: "+1500.5") | 1500.5 |
number(from, grouping separator) | number(from: "1,500", grouping separator: ",") | 1500 |
number(from, grouping separator, decimal separator) | number(from: "1 500.5", grouping separator: " ", decimal separator: ".") | 1500.5 |
context(entries) | context(entries: [{key: "a", value: 1}]) | {a: 1} | a key that stands twice gives null (Camunda: the last one)
from json(value) | from json(value: "{\"a\": 1.50}") | {a: 1.5} | numbers exactly; null where it is no JSON
to json(value) | to json(value: {a: @"2026-03-25"}) | "{\"a\":\"2026-03-25\"}" | functions and intervals give null
date(from) | date(from: "2018-04-29") | @"2018-04-29" |
date(year, month, day) | date(year: 2012, month: 12, day: 25) | @"2012-12-25" |
time(from) | time(from: "12:00:00") | @"12:00:00" | without a "T" in front; of a date it is midnight in UTC, as the standard has it
time(hour, minute, second) | time(hour: 23, minute: 59, second: 0) | @"23:59:00" |
time(hour, minute, second, offset) | time(hour: 14, minute: 30, second: 0, offset: @"PT1H") | @"14:30:00+01:00" |
date and time(from) | date and time(from: "2018-04-29T09:30:00") | @"2018-04-29T09:30:00" | also of a date: its midnight in London (Camunda: null)
date and time(date, time) | date and time(date: @"2012-12-24", time: @"23:59:00") | @"2012-12-24T23:59:00" |
date and time(date, timezone) | date and time(date: @"2020-07-31T14:27:30@Europe/Berlin", timezone: "America/Los_Angeles") | @"2020-07-31T05:27:30@America/Los_Angeles" | a clock time without a zone is put into it
duration(from) | duration(from: "P5D") | @"P5D" |
years and months duration(from, to) | years and months duration(from: @"2011-12-22", to: @"2013-08-24") | @"P1Y8M" |
list contains(list, element) | list contains(list: [1], element: 1) | true |
count(list) | count(list: [1, 2]) | 2 |
min(list) | min(list: [2, 1]) | 1 |
max(list) | max(list: [2, 1]) | 2 |
sum(list) | sum(list: [1, 2]) | 3 |
product(list) | product(list: [2, 3]) | 6 |
mean(list) | mean(list: [1, 3]) | 2 |
median(list) | median(list: [6, 1, 2, 3]) | 2.5 |
stddev(list) | decimal(stddev(list: [2, 4, 7, 5]), 3) | 2.082 |
mode(list) | mode(list: [6, 1, 9, 6, 1]) | [1, 6] |
all(list) | all(list: [true, false]) | false | `and(list)` cannot be read; write `all`
any(list) | any(list: [false, true]) | true | `or(list)` cannot be read; write `any`
sublist(list, start position) | sublist(list: [1, 2, 3], start position: 2) | [2, 3] |
sublist(list, start position, length) | sublist(list: [1, 2, 3], start position: 1, length: 2) | [1, 2] |
append(list, items) | append(list: [1], items: [2, 3]) | [1, 2, 3] | `item` in the standard; `items` is one value or a list of them
concatenate(lists) | concatenate(lists: [[1], [2]]) | [1, 2] | `list` in the standard
insert before(list, position, newItem) | insert before(list: [1, 3], position: 1, newItem: 2) | [2, 1, 3] |
remove(list, position) | remove(list: [1, 2, 3], position: 2) | [1, 3] |
reverse(list) | reverse(list: [1, 2]) | [2, 1] |
index of(list, match) | index of(list: [1, 2, 2], match: 2) | [2, 3] |
union(list) | union([1, 2], [2, 3]) | [1, 2, 3] | null among the lists gives null (Camunda: an item), as of `concatenate`
distinct values(list) | distinct values(list: [1, 2, 1]) | [1, 2] |
duplicate values(list) | duplicate values(list: [1, 2, 2, 1]) | [1, 2] |
flatten(list) | flatten(list: [[1], [[2]]]) | [1, 2] |
sort(list, precedes) | sort(list: [2, 1], precedes: function(x, y) x < y) | [1, 2] |
string join(list) | string join(list: ["a", null, "c"]) | "ac" |
string join(list, delimiter) | string join(list: ["a", "b"], delimiter: ", ") | "a, b" |
string join(list, delimiter, prefix, suffix) | string join(list: ["a", "b"], delimiter: ", ", prefix: "[", suffix: "]") | "[a, b]" |
is empty(list) | is empty(list: []) | true | of anything but a list null
partition(list, size) | partition(list: [1, 2, 3], size: 2) | [[1, 2], [3]] |
decimal(n, scale) | decimal(n: 1 / 3, scale: 2) | 0.33 |
floor(n) | floor(n: 1.5) | 1 |
floor(n, scale) | floor(n: -1.56, scale: 1) | -1.6 |
ceiling(n) | ceiling(n: 1.5) | 2 |
ceiling(n, scale) | ceiling(n: -1.56, scale: 1) | -1.5 |
round up(n, scale) | round up(n: 1.121, scale: 2) | 1.13 | the scale must be given, as in the standard
round down(n, scale) | round down(n: 1.126, scale: 2) | 1.12 | the same
round half up(n, scale) | round half up(n: -1.126, scale: 2) | -1.13 | the same
round half down(n, scale) | round half down(n: -5.5, scale: 0) | -5 | the same
abs(number) | abs(number: -10) | 10 | `n` in the standard
abs(n) | abs(n: @"-PT5H") | @"PT5H" |
modulo(dividend, divisor) | modulo(dividend: 12, divisor: 5) | 2 |
sqrt(number) | sqrt(number: 16) | 4 |
log(number) | log(number: 1) | 0 |
exp(number) | exp(number: 0) | 1 |
odd(number) | odd(number: 5) | true |
even(number) | even(number: 5) | false |
random number() | random number() | refused |
before(…) | before(point: 1, range: [2..5]) | true | all four forms, as of each of the next
after(…) | after(range1: [6..10], range2: [1..5]) | true |
meets(range1, range2) | meets(range1: [1..5], range2: [5..10]) | true |
met by(range1, range2) | met by(range1: [5..10], range2: [1..5]) | true |
overlaps(range1, range2) | overlaps(range1: [5..10], range2: [1..6]) | true |
overlaps before(range1, range2) | overlaps before(range1: [1..5], range2: [4..10]) | true |
overlaps after(range1, range2) | overlaps after(range1: [4..10], range2: [1..5]) | true |
finishes(…) | finishes(point: 5, range: [1..5]) | true |
finished by(…) | finished by(range: [5..10], point: 10) | true |
includes(…) | includes(range: [5..10], point: 6) | true |
during(…) | during(point: 5, range: [1..10]) | true |
starts(…) | starts(point: 1, range: [1..5]) | true |
started by(…) | started by(range: [1..10], point: 1) | true |
coincides(…) | coincides(point1: 5, point2: 5) | true |
substring(string, start position) | substring(string: "foobar", start position: -2) | "ar" |
substring(string, start position, length) | substring(string: "foobar", start position: 3, length: 3) | "oba" |
string length(string) | string length(string: "foo") | 3 |
upper case(string) | upper case(string: "aBc4") | "ABC4" |
lower case(string) | lower case(string: "aBc4") | "abc4" |
substring before(string, match) | substring before(string: "foobar", match: "bar") | "foo" |
substring after(string, match) | substring after(string: "foobar", match: "ob") | "ar" |
contains(string, match) | contains(string: "foobar", match: "of") | false |
starts with(string, match) | starts with(string: "foobar", match: "fo") | true |
ends with(string, match) | ends with(string: "foobar", match: "r") | true |
matches(input, pattern) | matches(input: "foobar", pattern: "^fo*bar") | true | patterns are XPath's, not Java's: see the table above
matches(input, pattern, flags) | matches(input: "FooBar", pattern: "foo", flags: "i") | true | s, m, i, x and also q
replace(input, pattern, replacement) | replace(input: "abcd", pattern: "(ab)|(a)", replacement: "[1=$1][2=$2]") | "[1=ab][2=]cd" |
replace(input, pattern, replacement, flags) | replace(input: "How do you feel?", pattern: "Feel", replacement: "FEEL", flags: "i") | "How do you FEEL?" |
split(string, delimiter) | split(string: "a;b;c;;", delimiter: ";") | ["a", "b", "c", "", ""] | a delimiter that matches the empty text gives null, and is told at deployment: `split(x, "\|")` is written `split(x, "\\\|")`
extract(string, pattern) | extract(string: "references are 1234, 1256, 1378", pattern: "12[0-9]*") | ["1234", "1256"] |
trim(string) | trim(string: "  hello world  ") | "hello world" |
uuid() | uuid() | refused |
to base64(value) | to base64(value: "FEEL") | "RkVFTA==" |
is blank(string) | is blank(string: " ") | true |
now() | is defined(now()) | true | the instant of the command, in London
today() | today() | @"2026-03-25" | likewise
day of week(date) | day of week(date: @"2019-09-17") | "Tuesday" |
day of year(date) | day of year(date: @"2019-09-17") | 260 |
week of year(date) | week of year(date: @"2019-09-17") | 38 |
month of year(date) | month of year(date: @"2019-09-17") | "September" |
last day of month(date) | last day of month(date: @"2022-10-16T12:00:00") | @"2022-10-31" |
fromAi(value, description, type, schema, options) | fromAi(value: 1) | refused |
cycle(repetitions, interval) | cycle(3, @"PT1H") | refused |
"""  # noqa: E501


class Form(NamedTuple):
    """One function in one of its forms."""

    form: str
    example: str
    #: what the example gives, as an expression; "refused" where it is a fault with a reason
    gives: str
    remark: str

    @property
    def name(self) -> str:
        return self.form.partition("(")[0]


def forms() -> list[Form]:
    lines = (line.split(" |") for line in _FORMS.strip().splitlines())
    return [Form(*(" |".join(part).strip() for part in _four(line))) for line in lines]


def _four(parts: list[str]) -> list[list[str]]:
    """The first three columns, and all else as the remark."""
    return [[parts[0]], [parts[1]], [parts[2]], parts[3:]]


def told(refused: dict[str, str]) -> str:
    """The functions as a page shows them: those with nothing to say in one line, then the rest."""
    same = [one for one in forms() if not one.remark and one.gives != "refused"]
    rest = [one for one in forms() if one not in same]
    rows = ["| as the modeler offers it | here |", "|---|---|"]
    for one in rest:
        why = f"refused: {refused[one.name]}" if one.gives == "refused" else one.remark
        rows.append(f"| `{one.form}` | {why} |")
    names = ", ".join(f"`{one.form}`" for one in same)
    return f"As there: {names}.\n\n" + "\n".join(rows)
