import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from supervision.core.fixes import LocatedFixes


def fixes(count: int) -> LocatedFixes:
    number = np.arange(count)
    place = number / 10
    return LocatedFixes(number, number, number, number, place, place, place, number)


@given(count=st.integers(0, 9), data=st.data())
def test_taking_fixes_keeps_all_columns_of_a_fix_together(count: int, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, count - 1), max_size=20) if count else st.just([]))
    taken = fixes(count).take(np.array(places, np.int64))
    assert len(taken) == len(places)
    assert taken.position_id.tolist() == taken.source.tolist() == places
    assert taken.lon.tolist() == taken.accuracy_m.tolist() == [place / 10 for place in places]


def test_fixes_can_be_taken_by_a_mask() -> None:
    assert fixes(4).take(np.array([True, False, False, True])).position_id.tolist() == [0, 3]
