"""What a supervisor or HR prints for a talk: one form or the list of the staff, upright on A4, without the portal around it."""

import io

import pytest
from pypdf import PdfReader

A4 = (595, 842)
OF_THE_SCREEN = [
    "サインアウト",
    "メニュー",
    "印刷する",
    "お困りのとき",
    "記録されます",
    "年ごとに見る",
]


@pytest.fixture
def printed(visits):
    """The pages that a person prints: their sizes in points and all their text."""

    def of(username, address):
        page = visits.begin(username)
        page.goto(address)
        heading = page.locator("h1").inner_text()
        reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        sizes = {
            (round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in reader.pages
        }
        # Lines are broken, and spaces stand, where the paper wants them.
        words = ["".join(sheet.extract_text().split()) for sheet in reader.pages]
        return heading, sizes, words

    return of


def test_form_is_printed_with_name_date_and_what_it_is(printed, portal):
    heading, sizes, words = printed("jinji", f"/surveys/readable/{portal.readable_by_hr()}/")

    assert sizes == {A4}
    assert "".join(heading.split()) in words[0]
    assert "本人が開示した範囲です。" in words[0]
    assert "印刷（" in words[0]
    assert [line for line in OF_THE_SCREEN if line in "".join(words)] == []


def test_list_of_the_staff_is_printed_with_everybody_on_it(printed, portal):
    heading, sizes, words = printed("joushi", "/surveys/staff/")

    assert sizes == {A4}
    assert heading == "課室の希望調書"
    assert "人が提出" in words[0]
    assert "印刷（" in words[0]
    assert [line for line in OF_THE_SCREEN[:4] if line in "".join(words)] == []
