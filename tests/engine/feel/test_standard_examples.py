"""The examples the DMN standard itself gives for its built-in functions (§10.3.4), each a fact."""

from __future__ import annotations

import pytest

from app.engine.feel import compile_expression

EXAMPLES = r"""
date("2012-12-25") - date("2012-12-24") = duration("P1D")
date(date and time("2012-12-25T11:00:00Z")) = date("2012-12-25")
date(2012, 12, 25) = date("2012-12-25")
date and time("2012-12-24T23:59:00") = date and time(date("2012-12-24"), time("23:59:00"))
date and time("2012-12-24T23:59:00") + duration("PT1M") = date and time("2012-12-25T00:00:00")
time("23:59:00Z") + duration("PT2M") = time("00:01:00@Etc/UTC")
time(date and time("2012-12-25T11:00:00Z")) = time("11:00:00Z")
time("23:59:00Z") = time(23, 59, 0, duration("PT0H"))
number("1 000,0", " ", ",") = number("1,000.0", ",", ".")
string(1.1) = "1.1"
string(null) = null
date and time("2012-12-24T23:59:00") - date and time("2012-12-22T03:45:00") = duration("P2DT20H14M")
duration("P2Y2M") = duration("P26M")
years and months duration(date("2011-12-22"), date("2013-08-24")) = duration("P1Y8M")
not(true) = false
not(null) = null
substring("foobar",3) = "obar"
substring("foobar",3,3) = "oba"
substring("foobar", -2, 1) = "a"
substring("\U01F40Eab", 2) = "ab"
string length("\U01F40Eab") = 3
upper case("aBc4") = "ABC4"
substring before("foobar","xyz") = ""
substring after("foobar", "ob") = "ar"
substring after("", "a") = ""
replace("banana","a","o") = "bonono"
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") = "[1=ab][2=]cd"
contains("foobar", "of") = false
starts with("foobar", "fo") = true
ends with("foobar", "r") = true
matches("foobar", "^fo*b") = true
split("John Doe", "\s") = ["John", "Doe"]
split("a;b;c;;", ";") = ["a","b","c","",""]
string join(["a","b","c"], "_and_") = "a_and_b_and_c"
string join(["a",null,"c"], "X") = "aXc"
string join([], "X") = ""
list contains([1,2,3], 2) = true
count([1,[2,3]]) = 2
min(1) = min([1])
max([]) = null
sum(1) = 1
sum([]) = null
mean(1,2,3) = 2
all([false,null,true]) = false
all([]) = true
all(0) = null
any([false,null,true]) = true
any([]) = false
any(0) = null
sublist([4,5,6], 1, 2) = [4,5]
append([1], 2, 3) = [1,2,3]
concatenate([1,2],[3]) = [1,2,3]
insert before([1,3],1,2) = [2,1,3]
remove([1,2,3], 2) = [1,3]
reverse([1,2,3]) = [3,2,1]
index of([1,2,3,2],2) = [2,4]
union([1,2],[2,3]) = [1,2,3]
distinct values([1,2,3,2,1]) = [1,2,3]
flatten([[1,2],[[3]], 4]) = [1,2,3,4]
product(2, 3, 4) = 24
median(8, 2, 5, 3, 4) = 4
median([6, 1, 2, 3]) = 2.5
stddev(2, 4, 7, 5) = 2.081665999466132735282297706979931
stddev(47) = null
mode([6, 1, 9, 6, 1]) = [1, 6]
mode([]) = []
decimal(1/3, 2) = .33
decimal(1.5, 0) = 2
decimal(2.5, 0) = 2
floor(-1.56, 1) = -1.6
ceiling(-1.56, 1) = -1.5
round up(1.121, 2) = 1.13
round down(-1.126, 2) = -1.12
round half up(-5.5, 0) = -6
round half down(-1.126, 2) = -1.13
abs(@"-PT5H") = @"PT5H"
modulo(-10.1, 4.5) = 3.4
modulo(10.1, -4.5) = -3.4
sqrt(16) = 4
decimal(log(10), 11) = 2.30258509299
decimal(exp(5), 12) = 148.413159102577
odd(5) = true
even(5) = false
is(date("2012-12-25"), time("23:00:50")) = false
is(time("23:00:50Z"), time("23:00:50+00:00")) = true
before(1, (1..10]) = true
before([1..10], 10) = false
before([1..10), 10) = true
before([1..10), [10..20]) = true
after(10, [1..10)) = true
after((11..20], 11) = true
after([11..20], [1..11)) = true
meets([1..5], [5..10]) = true
meets([1..5), [5..10]) = false
met by([5..10], [1..5]) = true
overlaps([1..8], [3..5]) = true
overlaps([1..5], (5..8]) = false
overlaps([5..8], [1..5]) = true
overlaps before([1..5), (1..5]) = true
overlaps before([1..5], (1..5]) = true
overlaps before([1..5), [1..5]) = false
overlaps before([1..5], [5..8]) = true
overlaps after([5..8], [1..5]) = true
overlaps after((1..5], [1..5)) = true
overlaps after([1..5], [1..5)) = false
finishes(10, [1..10]) = true
finishes([5..10), [1..10]) = false
finishes((1..10], [1..10]) = true
finished by([1..10), 10) = false
finished by([1..10], (1..10]) = true
includes((1..10], 1) = false
includes([1..10], (1..10)) = true
includes([1..10), [5..10)) = true
during(10, [1..10)) = false
during((1..10), [1..10]) = true
starts(1, (1..10]) = false
starts([1..10), [1..10]) = true
starts((1..5], [1..10]) = false
started by([1..10], [1..10)) = true
coincides((1..5), [1..5]) = false
coincides(5, 5) = true
day of year(date(2019, 9, 17)) = 260
day of week(date(2019, 9, 17)) = "Tuesday"
month of year(date(2019, 9, 17)) = "September"
week of year(date(2005, 1, 1)) = 53
sort(list: [3,1,4,5,2], precedes: function(x,y) x < y) = [1,2,3,4,5]
get value({key1: "value1"}, "unexistent-key") = null
get entries({key1: "value1"})[key = "key1"].value = ["value1"]
context([{key:"a", value:1}, {key:"b", value:2, something: "else"}]) = {a:1, b:2}
context([{key:"a", value:1}, {key:"b"}]) = null
context put({x:1, y:0, z:0}, "y", 2) = {x:1, y:2, z:0}
context put({x:1, y: {a: 0}}, ["y", "a"], 2) = {x:1, y: {a: 2}}
context put({x:1}, [], 2) = null
context merge([{x:1, y:0}, {y:2}]) = {x:1, y:2}
[1..10].start included = true
(< 10).end = 10
[123] instance of list<number> = true
null instance of Null = true
contains(["foobar"], "of") = false
3[item > 2] = [3]
5 in (? > 3) = true
(function(a: number) 1)("x") = null
(function(a, b) b)(a: 1) = null
time("10:30:01.5").second = 1.5
@"2026-03-25T10:00:00" < @"2026-03-25T10:30:00Z" = true
"""


@pytest.mark.parametrize("example", EXAMPLES.strip().splitlines())
def test_example_of_the_standard(example: str) -> None:
    assert compile_expression(example).evaluate({}) is True


def test_instance_of_a_list_of_nothing_in_particular_cannot_be_said() -> None:
    assert compile_expression("123 instance of list").evaluate({}) is None
