"""Makes the pictures of the README from a running demonstration; reads pages only.

    .venv/bin/python -m tests.screenshots http://127.0.0.1:8000 PASSWORD

The environment has a browser driver once `manage.py test` has run. Feedback sheets are in the pictures once `shukei`
has published those of the last closed round; `pdftoppm` (package poppler-utils) draws their pages.
"""

import subprocess
import sys
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, ImageOps
from playwright.sync_api import sync_playwright

from career_portal.local.bootstrap import PROJECT
from career_portal.local.system_packages import browser
from tests.browser.plugin import FLAGS
from tests.browser.visits import PHONE

FOLDER = PROJECT / ".readme"
DESK = {"device_scale_factor": 2}
WIDTH = 1200
COLOURS = 96
# Pages are white, and so is where the pictures are read.
FRAME = {"border": 2, "fill": "#d0d0d0"}
# Sheets by the name of their unit, and two pages of each: a section, a small one with hidden figures, a bureau, the ministry.
SHEETS = {
    "sheet_section": ("情報経済課", "1", "2"),
    "sheet_small_section": ("貿易管理部 特殊関税等調査室", "1", "3"),
    "sheet_bureau": ("商務情報政策局", "1", "3"),
    "sheet_ministry": ("省全体", "1", "2"),
}
DOTS_PER_INCH = 100


@dataclass
class Picture:
    """One file: whose page, how high a window, on which device."""

    name: str
    who: str
    path: str
    height: int = 900
    device: dict = field(default_factory=lambda: DESK)


def pictures(year):
    form = f"/surveys/{year}/"
    return [
        Picture("task_list", "shokuin", form, height=1500),
        Picture("competencies", "shokuin", f"{form}parts/2/?open=a3", height=1180),
        Picture("check", "shokuin", f"{form}check/", height=1180),
        Picture("progress", "jinji", f"/surveys/rounds/{year}/progress/", height=1180),
        Picture("reading", "joushi", "/surveys/staff/", height=1180),
        Picture("posts", "shokuin", "/postings/?q=供給網", height=1180),
        Picture("synonyms", "jinji", "/postings/synonyms/", height=1180),
        Picture("phone_home", "shokuin", "/", device=PHONE),
        Picture("phone_task_list", "shokuin", form, device=PHONE),
        Picture("phone_competencies", "shokuin", f"{form}parts/2/?open=a3#a3", device=PHONE),
    ]


def main(address, password):
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        year = current_year(chromium, address, password)
        for picture in pictures(year):
            keep(picture.name, take(chromium, picture, address, password))
        keep_sheets(chromium, address, password)
        chromium.close()


def current_year(chromium, address, password):
    """The fiscal year of the open form, as its link on the landing page has it."""
    page = signed_in(chromium, "shokuin", address, password, DESK, height=900)
    link = page.locator("main a[href^='/surveys/2']").first.get_attribute("href")
    page.context.close()
    return int(link.split("/")[2])


def take(chromium, picture, address, password):
    page = signed_in(
        chromium, picture.who, address, password, picture.device, height=picture.height
    )
    page.goto(picture.path)
    page.evaluate("document.fonts.ready")
    content = page.screenshot()
    page.context.close()
    return content


def keep_sheets(chromium, address, password):
    """The page of the last release, and of each chosen sheet two pages beside each other."""
    page = signed_in(chromium, "shukei", address, password, DESK, height=1180)
    page.goto("/surveys/rounds/sheets/")
    if not page.locator(".cp-task__link").count():
        sys.stdout.write("no feedback sheets: none were made\n")
        return
    page.locator(".cp-task__link").first.click()
    page.evaluate("document.fonts.ready")
    keep("release", page.screenshot())
    for name, (unit, *numbers) in SHEETS.items():
        pdf = page.context.request.get(f"{sheet_of(page, unit)}sheet.pdf").body()
        keep(name, beside_each_other([drawn(pdf, number) for number in numbers]))
    page.context.close()


def sheet_of(page, unit):
    """The address of the newest published sheet of a unit."""
    page.goto("/surveys/sheets/")
    while not (found := page.get_by_role("link", name=unit, exact=True)).count():
        page.get_by_role("link", name="次のページ").click()
    return found.first.get_attribute("href")


def drawn(pdf, number):
    """One page of a PDF as a picture."""
    command = ["pdftoppm", "-png", "-r", str(DOTS_PER_INCH), "-f", number, "-l", number, "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(BytesIO(done.stdout)).convert("RGB")


def beside_each_other(pages):
    """Pages of one size as one PNG."""
    wide = Image.new("RGB", (sum(page.width for page in pages), pages[0].height))
    for place, page in enumerate(pages):
        wide.paste(page, (place * page.width, 0))
    content = BytesIO()
    wide.save(content, "PNG")
    return content.getvalue()


def signed_in(chromium, who, address, password, device, *, height):
    window = {"viewport": {"width": WIDTH, "height": height}, **device}
    page = chromium.new_context(base_url=address, locale="ja-JP", **window).new_page()
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(who)
    page.locator("#id_password").fill(password)
    page.locator("#id_password").press("Enter")
    page.wait_for_url("/")
    return page


def keep(name, content):
    """Write a picture with few colours, which is a third of the size and looks the same."""
    image = ImageOps.expand(Image.open(BytesIO(content)).convert("RGB"), **FRAME)
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    target = FOLDER / f"{name}.png"
    few.save(target, optimize=True)
    sys.stdout.write(f"{target.name} {target.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2])
