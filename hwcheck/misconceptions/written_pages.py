"""What slips, faults of formulas and verdicts are, in words: no function whose docstring could say it stands below.

A slip is a mistake in writing or adding up that most entries of an answer are free of; a misconception is in all of
them. A fault of a formula is seen in its form, where no misconception explains it. What finds them is in
hwcheck/grading, under the same names. What goes on behind the title of its part begins small, as in the docstring of a
misconception.
"""

from __future__ import annotations

from collections.abc import Mapping

from hwcheck.misconceptions.page import Page

__all__ = ["FORMULA_PAGES", "GIVES_AWAY", "SLIP_PAGES", "VERDICT_PAGES"]

SLIP_PAGES: Mapping[str, Page] = {
    "sign-lost": Page(
        "The number is right but for its sign.",
        "a minus was not copied from the line above, or two of them were taken for one.",
        "the entry has the right size; its sign is not that of the sum it was made from.",
    ),
    "entries-exchanged": Page(
        "Two entries stand in each other's place.",
        "the numbers were worked out rightly and written down in another order.",
        "each of the two is right at the place of the other.",
    ),
    "row-copied": Page(
        "A row or column has the numbers of its neighbour.",
        "the eye slipped into the neighbouring line while a matrix was copied or worked out row by row.",
        "two rows or columns are the same, though what they are made from is not.",
    ),
    "entry-copied": Page(
        "An entry has the number of its neighbour.",
        "the neighbouring number was written down once more.",
        "two neighbouring entries are the same, though what they are made from is not.",
    ),
    "term-left-out": Page(
        "One term of the sum is left out.",
        "the product of a row with a column, or a window of a convolution, has many terms, and one was passed over.",
        "the difference from the right number is one product of the sum; the report names it, with full feedback.",
    ),
    "term-sign": Page(
        "One term of the sum has the wrong sign.",
        "the minus of a negative factor was passed over, or a minus was read where there is none.",
        "the difference from the right number is twice one product of the sum.",
    ),
    "term-twice": Page(
        "One term of the sum is counted twice.",
        "the finger was put down on the same place again while adding up.",
        "the difference from the right number is one product of the sum, with its own sign.",
    ),
    "term-added": Page(
        "Two factors are added instead of multiplied.",
        "in a long line of products and sums a plus was read between two numbers that belong together.",
        "one product of the sum is replaced by the sum of its two factors.",
    ),
    "factor-copied": Page(
        "One factor is taken from a neighbouring entry.",
        "a weight or an input was read from the next row or column.",
        "one product of the sum has a factor that stands beside the right one.",
    ),
    "digits-swapped": Page(
        "Two neighbouring digits are exchanged.",
        "the number was worked out rightly and written down, or typed, with two digits the wrong way round.",
        "exchange the two digits: the number is right.",
    ),
    "digit-misread": Page(
        "One digit is wrong.",
        "a digit was written unclearly and read as another: 1 and 7, 0 and 6, 4 and 9.",
        "all other digits are right.",
    ),
    "decimal-point": Page(
        "The decimal point is in the wrong place.",
        "a zero behind the point was lost or added, or a power of ten was forgotten.",
        "the digits are right; the number is 10 or 100 times too large or too small.",
    ),
    "carry-slip": Page(
        "One digit is off by 1, as after a wrong carry.",
        "a carry was forgotten, or counted twice, while adding or subtracting by hand.",
        "one digit before the last is 1 too large or too small, and all others are right.",
    ),
}  # fmt: skip

FORMULA_PAGES: Mapping[str, Page] = {
    "number-rounded": Page(
        "The formula is nearly right everywhere: a number in it is rounded or slightly off.",
        "a formula is exact; 0.33 is not 1/3, and what it gives differs from the third digit on.",
        "write numbers as fractions or as names: 1/3, log(2), alpha.",
    ),
    "constant-factor": Page(
        "A constant factor is missing in the formula, or is one too many.",
        "a 2 of a square, a 1/2 or 1/N of a mean, or a rate is part of the value, and so of its gradient.",
        "put numbers in: the formula gives the same multiple of the right value each time.",
    ),
    "transposed": Page(
        "The formula gives the right numbers transposed: its axes are in another order.",
        "entry i, j belongs in row i and column j, also where rows and columns are equally many.",
        "name the sizes of all axes differently, and write down the shape of each part.",
    ),
    "reshaped": Page(
        "The formula gives the right numbers in another shape.",
        "a gradient has the shape of what it is the gradient of.",
        "compare the shape of the formula with the shape that is asked.",
    ),
    "indices-exchanged": Page(
        "Indices of the formula have changed places.",
        "each index stands for one axis, and W[i, j] is another entry than W[j, i].",
        "choose one entry, such as i = 0 and j = 1, and write down which numbers go into it.",
    ),
    "another-index": Page(
        "An index of the formula stands where another belongs.",
        "the entry that is read belongs to another row, unit or sample than the one that is asked.",
        "choose one entry, and write down which numbers go into it.",
    ),
    "index-condition-left-out": Page(
        "The answer is 0 unless certain indices are equal, and the formula does not say so.",
        "a unit depends on its own weights alone; the derivative by those of another unit is 0.",
        "ask of an entry with i and k different what changes in the value if that input does.",
    ),
    "right-for-these-numbers-only": Page(
        "The formula is right for the numbers of the problem alone: a number stands in it where a name belongs.",
        "a formula has to hold for all numbers, so it is tried with others.",
        "look for a number that was typed in, and for the name that it is the value of.",
    ),
    "right-in-some-cases": Page(
        "The formula is right for some numbers and not for others: a case is left out, or one is too many.",
        "a ReLU, a maximum or an absolute value has a case for each side of its kink.",
        "try it with positive, with negative and with mixed numbers.",
    ),
}  # fmt: skip

VERDICT_PAGES: Mapping[str, Page] = {
    "right": Page(
        "Every entry agrees with the reference, within what honest rounding can do to it.",
        "how far an entry may be off is worked out from the digits that the problem asks for. With full feedback the"
        " report tells it: '0.0123 ± 0.0006 is accepted'.",
        "it has all points.",
    ),
    "carried": Page(
        "The answer follows from the student's own earlier answers, which are wrong; the step itself is done well.",
        "it agrees with what this step makes of the earlier answers as they were handed in, not with the reference.",
        "it has all points, unless the problem gives less for it. Correct the answer that it follows from.",
    ),
    "wrong": Page(
        "Some entries agree neither with the reference nor with what follows from the student's own earlier answers.",
        "the mistake was made in this step. The report marks the entries, and says what it probably was where the"
        " numbers show it.",
        "entries that are right or carried have their share of the points, unless the problem gives all or nothing.",
    ),
    "wrong shape": Page(
        "The answer has another number of entries, or other rows and columns, than is asked.",
        "the numbers cannot be laid on the right ones, so they are not compared. The report says what was handed in"
        " and what is asked.",
        "it has no points, and nothing later is computed from it.",
    ),
    "unreadable": Page(
        "What is written cannot be read as numbers, or as a formula.",
        "the fault is told with its file, line and column.",
        "it has no points until it is written in a form that can be read.",
    ),
    "missing": Page(
        "Nothing was handed in for the question, or some of its entries were left out.",
        "entries that are there are marked; those that are not count as not right.",
        "it has no points for what is missing. Later steps are marked from what is there.",
    ),
}  # fmt: skip

# Slips whose name is as good as the right number to those who see what they wrote.
GIVES_AWAY = frozenset(
    {
        "sign-lost",
        "digits-swapped",
        "decimal-point",
        "entries-exchanged",
        "row-copied",
        "entry-copied",
        "carry-slip",
        "digit-misread",
    }
)
