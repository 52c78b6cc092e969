"""The HTML report in a real browser: python3 report_test.py SAMPLE_REPORT SCREENSHOTS

Exits with 77 (skipped) where there is no Chromium, but fails there when the environment says CI.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import chromium
import in_page

SECTIONS = ["verdicts", "found", "speed", "findings", "host"]
KINDS = ["trouble", "clean", "hostile"]  # also: explored, of a schedule; it has no speed


class ReportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="chicane-report-")
        cls.urls = {}
        for kind in [*KINDS, "explored"]:
            path = pathlib.Path(cls.folder.name, f"{kind}.html")
            path.write_bytes(subprocess.run([SAMPLE_REPORT, "html", kind], check=True, capture_output=True).stdout)
            cls.urls[kind] = path.as_uri()
        control = pathlib.Path(cls.folder.name, "control.html")
        control.write_text(in_page.BROKEN_PAGE)
        cls.urls["control"] = control.as_uri()
        cls.browser = chromium.Chromium(chromium.find()).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        cls.folder.cleanup()

    def open(self, kind, **how):
        page = self.browser.page(self.urls[kind], **how)
        if how.get("script", True):
            page.settled()
        return page

    def save(self, name, picture):
        pathlib.Path(SCREENSHOTS, f"{name}.png").write_bytes(picture)

    def test_says_nothing_to_the_console_and_asks_for_nothing_else(self):
        for kind in KINDS:
            for scheme in ("light", "dark"):
                page = self.open(kind, scheme=scheme)
                self.assertEqual(page.complaints(), [], kind)
                self.assertEqual(page.requests(), [self.urls[kind]], kind)

    def test_the_checks_see_what_is_wrong_with_a_broken_page(self):
        page = self.open("control", width=360)
        page.value("new Promise((done) => setTimeout(done, 300))")
        self.assertTrue(page.complaints())
        self.assertIn("http://chicane.invalid/picture.png", page.requests())
        self.assertGreater(page.value(in_page.WIDTH), 360)
        self.assertTrue(page.value(in_page.LOW_CONTRAST))
        self.assertTrue(page.value(in_page.BROKEN_LINKS))

    def test_the_checks_of_charts_see_a_chart_that_lies(self):
        page = self.open("trouble")
        page.value("document.querySelector('td[data-y]').dataset.y = '123'")
        self.assertEqual(len(page.value(in_page.CHARTS_UNLIKE_TABLES)), 1)
        page.value("""(() => {
          const chart = Chart.getChart(document.querySelectorAll('canvas')[1]);
          chart.options.scales.y.min = 0.5;
          chart.update();
          const context = document.querySelector('canvas').getContext('2d');
          context.clearRect(0, 0, 9999, 9999);
        })()""")
        self.assertTrue(page.value(in_page.AXES_THAT_LIE))
        self.assertEqual(page.value(in_page.EMPTY_CHARTS), [0])

    def test_has_every_section_and_every_link_has_its_target(self):
        for kind in KINDS:
            page = self.open(kind)
            for section in SECTIONS:
                self.assertTrue(page.value(f"document.getElementById('{section}').innerText.length > 40"), section)
            self.assertEqual(page.value("document.querySelectorAll('h1').length"), 1)
            self.assertEqual(page.value(in_page.BROKEN_LINKS), [])
            self.assertEqual(page.value(in_page.DOUBLE_IDS), [])

    def test_the_content_policy_holds(self):
        page = self.open("hostile")
        self.assertEqual(page.value(in_page.RUN_INLINE_SCRIPT), "blocked")
        self.assertEqual(page.value("fetch('http://chicane.invalid/').then(() => 'fetched', () => 'blocked')"), "blocked")
        self.assertTrue(any("Content Security Policy" in said for said in page.complaints()))

    def test_verdicts_and_numbers_are_there_without_javascript(self):
        page = self.open("trouble", script=False)
        self.assertEqual(page.value("typeof Chart"), "undefined")
        text = page.value("document.body.innerText")
        for words in ("3 of 18 scenarios are not as declared", "fail", "missed", "not judged", "error", "18.4 ns", "17.6–19.6",
                      "1.94", "6 of 32", "scenarios/counter/unlocked.cpp:14", "chicane run counter/unlocked --lanes tsan --workers 2 --quick --seed 42",
                      "Intel(R) Xeon(R) Processor @ 2.80GHz"):
            self.assertIn(words.replace(" ", ""), text.replace(" ", "").replace("\n", ""))
        shapes = page.value("""Object.fromEntries([...document.querySelectorAll('.matrix b')]
          .map((badge) => [badge.className, getComputedStyle(badge, '::before').content[1]]))""")
        self.assertEqual(shapes, {"pass": "✓", "fail": "✗", "missed": "?", "not_judged": "–", "error": "!"})
        self.save("without-javascript", page.screenshot())

    def test_light_and_dark_are_different_pictures_with_drawn_charts(self):
        pictures = {}
        for scheme in ("light", "dark"):
            page = self.open("trouble", scheme=scheme)
            self.assertEqual(page.value(in_page.CHARTS), 9)
            self.assertEqual(page.value(in_page.EMPTY_CHARTS), [])
            self.assertEqual(page.value("getComputedStyle(document.body).backgroundColor"),
                             {"light": "rgb(246, 245, 241)", "dark": "rgb(19, 22, 27)"}[scheme])
            pictures[scheme] = page.screenshot()
            self.save(f"trouble-{scheme}", pictures[scheme])
        self.assertNotEqual(pictures["light"], pictures["dark"])
        self.assertGreater(min(map(len, pictures.values())), 100_000)
        self.save("clean-light", self.open("clean").screenshot(full=False))

    def test_text_has_contrast_in_both_palettes(self):
        for scheme in ("light", "dark"):
            page = self.open("trouble", scheme=scheme)
            page.value("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
            self.assertEqual(page.value(in_page.LOW_CONTRAST), [], scheme)

    def test_fits_a_narrow_screen(self):
        for kind in KINDS:
            page = self.open(kind, width=360)
            page.value("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
            self.assertLessEqual(page.value(in_page.WIDTH), 360, kind)
            if kind == "trouble":
                self.save("trouble-narrow", page.screenshot())

    def test_charts_draw_what_the_tables_say_and_their_axes_tell_the_truth(self):
        page = self.open("trouble")
        self.assertEqual(page.value(in_page.CHARTS_UNLIKE_TABLES), [])
        self.assertEqual(page.value(in_page.AXES_THAT_LIE), [])

    def test_many_lines_have_room_and_differ(self):
        page = self.open("trouble")
        self.assertEqual(page.value(in_page.CRAMPED_CHARTS), [])
        page.value("""(() => {
          const table = document.querySelector('.panel table[data-chart="time"]');
          const row = table.querySelector('tbody.right tr');
          for (let i = 0; i < 20; ++i) {
            const more = row.cloneNode(true);
            more.cells[0].firstChild.textContent = `one of many lines, number ${i}`;
            row.after(more);
          }
          for (let i = 0; i < 2; ++i) document.querySelector('.theme').click();
        })()""")
        page.settled()
        self.assertEqual(page.value(in_page.CRAMPED_CHARTS), [])
        page.value("document.querySelector('canvas').parentElement.style.height = '150px'")
        page.value("Chart.getChart(document.querySelector('canvas')).resize()")
        self.assertEqual(len(page.value(in_page.CRAMPED_CHARTS)), 1)

    def test_the_button_changes_the_colours_with_the_keyboard_too(self):
        page = self.open("trouble")
        before = page.value("getComputedStyle(document.body).backgroundColor")
        page.value("document.querySelector('.theme').focus()")
        page.key("Enter", "\r", 13)
        page.settled()
        self.assertNotEqual(page.value("getComputedStyle(document.body).backgroundColor"), before)
        self.assertEqual(page.value("document.querySelector('.theme').textContent"), "Light")
        self.assertEqual(page.value(in_page.EMPTY_CHARTS), [])
        self.assertEqual(page.complaints(), [])

    def filtered(self, page):
        """Names of the rows that the matrix shows, in their order, and what is said of their number."""
        page.settled()
        return page.value("""({ rows: [...document.querySelectorAll('.matrix tbody tr[id]')].filter((row) => row.checkVisibility())
          .map((row) => row.cells[0].firstChild.textContent), said: document.querySelector('.shown').textContent })""")

    def choose(self, page, name, value):
        page.value(f"""(() => {{
          const field = document.querySelector('.filter [name="{name}"]');
          field.value = '{value}';
          field.dispatchEvent(new Event(field.localName === 'input' ? 'input' : 'change'));
        }})()""")

    def test_the_matrix_filters_by_family_lane_verdict_and_text(self):
        page = self.open("trouble")
        self.assertEqual(self.filtered(page)["said"], "All 18 scenarios shown")
        self.choose(page, "family", "counter")
        self.assertEqual(self.filtered(page)["rows"], ["counter/unlocked", "counter/locked", "counter/atomic"])
        self.choose(page, "family", "")
        self.choose(page, "verdict", "error")
        self.assertEqual(self.filtered(page), {"rows": ["processes/shared-memory"], "said": "1 of 18 scenarios shown"})
        self.choose(page, "lane", "tsan")
        self.assertEqual(self.filtered(page)["rows"], [])
        self.assertEqual(page.value("[...document.querySelectorAll('.matrix thead th')].filter((one) => one.checkVisibility()).map((one) => one.textContent)"),
                         ["Scenario", "Declared", "tsan"])
        for name in ("verdict", "lane"):
            self.choose(page, name, "")
        self.choose(page, "q", "ONETBB")
        self.assertEqual(self.filtered(page)["rows"], ["pools/tbb"])

    def test_the_address_keeps_the_view_and_a_link_to_it_restores_it(self):
        page = self.open("trouble")
        self.choose(page, "verdict", "fail")
        self.choose(page, "sort", "-scenario")
        # Soon after the answer: by a timer that was set before this one and is shorter.
        self.assertEqual(page.value("new Promise((done) => setTimeout(() => done(location.hash), 500))"),
                         "#view?verdict=fail&sort=-scenario")
        self.urls["view"] = self.urls["trouble"] + "#view?family=counter&sort=scenario"
        again = self.open("view")
        self.assertEqual(self.filtered(again)["rows"], ["counter/atomic", "counter/locked", "counter/unlocked"])
        self.assertEqual(again.value("document.querySelector('[aria-sort]').textContent + document.querySelector('[name=family]').value"), "Scenariocounter")
        self.assertEqual(again.complaints(), [])

    def test_headings_sort_with_the_keyboard_the_worst_first_and_back(self):
        page = self.open("trouble")
        before = self.filtered(page)["rows"]
        page.value("document.querySelectorAll('.matrix thead button')[3].focus()")
        for order, first in (("ascending", "counter/unlocked"), ("descending", None), (None, before[0])):
            page.key("Enter", "\r", 13)
            rows = self.filtered(page)["rows"]
            self.assertEqual(len(rows), 18)
            self.assertEqual(page.value("document.querySelector('[aria-sort]')?.getAttribute('aria-sort') ?? null"), order)
            self.assertIn(first, (rows[0], None))
        self.assertEqual(rows, before)

    def test_a_link_shows_its_target_though_it_is_filtered_away_or_folded(self):
        page = self.open("trouble")
        self.choose(page, "family", "waiting")
        page.value("location.hash = '#s0'")
        page.settled()
        self.assertIn("counter/unlocked", self.filtered(page)["rows"])
        page.value("location.hash = '#w0'")
        page.settled()
        self.assertTrue(page.value("document.getElementById('w0').checkVisibility()"))

    def test_a_tooltip_is_the_whole_path(self):
        page = self.open("trouble")
        over = "(() => {{ const cell = {}; cell.dispatchEvent(new PointerEvent('pointerover', {{ bubbles: true }})); return cell.title; }})()"
        self.assertRegex(page.value(over.format("document.querySelector('.speed td[data-y]')")), r"^summaries/\d+/measures/wall_ns_per_operation$")
        self.assertRegex(page.value(over.format("document.querySelector('.speed.all tbody tr:last-child').cells[3]")), r"^summaries/\d+/measures/\w+$")
        self.assertRegex(page.value(over.format("document.querySelector('#s1').cells[2]")), r"^verdicts/\d+: .*process")

    def test_a_schedule_has_a_slider_over_time(self):
        page = self.open("explored")
        steps = "[...document.querySelectorAll('.steps tbody tr')].filter((row) => getComputedStyle(row.cells[0]).visibility === 'visible').length"
        everything = page.value(steps)
        self.assertGreater(everything, 3)
        page.value("document.querySelector('.time input').focus()")
        page.key("Home", "", 36)
        self.assertLess(page.value(steps), everything)
        self.assertIn("up to step", page.value("document.querySelector('.time output').textContent"))
        page.key("End", "", 35)
        self.assertEqual(page.value(steps), everything)
        self.assertEqual(page.complaints(), [])

    def test_the_first_tab_stop_skips_to_the_verdicts(self):
        page = self.open("trouble")
        page.key("Tab", "\t", 9)
        self.assertEqual(page.value("document.activeElement.getAttribute('href')"), "#verdicts")

    def test_on_paper_everything_is_unfolded(self):
        page = self.open("trouble")
        self.assertGreater(page.value("document.querySelectorAll('details:not([open])').length"), 0)
        self.assertGreater(page.pdf_bytes(), 50_000)
        self.assertEqual(page.value("document.querySelectorAll('details:not([open])').length"), 0)


if __name__ == "__main__":
    SAMPLE_REPORT, SCREENSHOTS = sys.argv[1:3]
    if chromium.find() is None:
        print("no chromium on this machine: apt-get install chromium")
        sys.exit(1 if os.environ.get("CI") else 77)
    os.makedirs(SCREENSHOTS, exist_ok=True)
    unittest.main(argv=sys.argv[:1], verbosity=2)
