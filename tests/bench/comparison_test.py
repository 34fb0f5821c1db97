#!/usr/bin/env python3
"""Tests of bench/comparison: medians, ratios, verdicts, and what becomes of a run that failed."""

import contextlib
import sys
import unittest
import xml.etree.ElementTree
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from comparison import chart, report  # noqa: E402
from comparison.bars import BARS, Bar, judge  # noqa: E402
from comparison.figures import Figures, short, with_spread  # noqa: E402
from comparison.measures import Measure, relay, run_round  # noqa: E402
from comparison.processes import Failure  # noqa: E402


def some_figures():
    figures = Figures()
    for number, (mine, node, floor) in enumerate([(6, 24, 5), (7, 21, 5), (8, 20, 5)]):
        figures.add(number, "carillon", {"cost": mine})
        figures.add(number, "node", {"cost": node})
        figures.add(number, "floor", {"cost": floor})
    return figures


class FiguresTest(unittest.TestCase):
    def test_a_ratio_is_taken_within_each_round(self):
        self.assertEqual(some_figures().ratios("cost", "carillon", "node"), [6 / 24, 7 / 21, 8 / 20])

    def test_a_round_in_which_one_failed_has_no_ratio(self):
        figures = some_figures()
        figures.add(3, "carillon", {"cost": 100})
        self.assertEqual(len(figures.ratios("cost", "carillon", "node")), 3)
        self.assertEqual(len(figures.of("cost", "carillon")), 4)

    def test_numbers_have_three_digits(self):
        self.assertEqual([short(each) for each in (0, 0.0123, 0.5, 6.1, 38.04, 1234.5, None)],
                         ["0", "0.0123", "0.50", "6.10", "38.0", "1,234", "–"])
        self.assertEqual(with_spread([3, 1, 2]), "2.00 (1.00 to 3.00)")


class BarsTest(unittest.TestCase):
    def test_the_median_of_the_ratios_decides(self):
        bar = Bar("what", "cost", "µs", [("floor", 1.5), ("node", 1 / 3)], [("floor", 1.3)])
        row = judge(bar, some_figures(), "carillon")
        self.assertTrue(row["must_met"])
        self.assertFalse(row["aim_met"])
        self.assertIn("≤ 1.5 × floor (is 1.40 (1.20 to 1.60)): met", row["must"])
        self.assertIn("≤ 1/3 × node", row["must"])

    def test_more_can_be_better(self):
        figures = Figures()
        for name, calls in (("carillon postgres", 3900), ("node postgres", 1000)):
            figures.add(0, name, {"calls": calls})
        bar = Bar("what", "calls", "/s", [("node", 4)], more=True, stored=True)
        self.assertFalse(judge(bar, figures, "carillon")["must_met"])
        figures.add(0, "carillon postgres", {"calls": 4000})
        self.assertTrue(judge(bar, figures, "carillon")["must_met"])

    def test_a_plain_number_needs_nobody_else(self):
        figures = Figures()
        figures.add(0, "carillon", {"memory": 8.1})
        row = judge(Bar("what", "memory", "KiB", [(None, 8)]), figures, "carillon")
        self.assertFalse(row["must_met"])

    def test_without_the_other_there_is_no_verdict(self):
        figures = Figures()
        figures.add(0, "carillon", {"cost": 1})
        row = judge(Bar("what", "cost", "µs", [("node", 1 / 3)]), figures, "carillon")
        self.assertIsNone(row["must_met"])
        self.assertIsNone(judge(Bar("what", "other", "µs", [("node", 1 / 3)]), figures, "carillon"))


class MeasuresTest(unittest.TestCase):
    def test_the_slope_leaves_out_what_a_call_costs(self):
        """50 ms for the calls whatever they relay, and 7 µs for each message."""
        class Load:
            def run(self, _, candidates=10, **rest):
                messages = 1000 * (2 * candidates + 2)
                return {"relayed": messages, "relayed_per_second": 1, "server_cpu_ms": 50 + 0.007 * messages}

        found = relay(Load(), None, SimpleNamespace(warm_calls=1, calls=1), None)
        self.assertAlmostEqual(found["relay.trickle.slope"], 7)
        self.assertAlmostEqual(found["relay.burst.whole"], 7 + 50_000 / 22_000)

    def test_one_that_fails_does_not_end_the_others(self):
        @contextlib.contextmanager
        def start():
            yield "running"

        def measured(_, running, *__):
            if self.fails.pop(0):
                raise Failure("an error")
            return {"figure": running}

        tools = SimpleNamespace(load=None, effort=None, cluster=None)
        for together in (False, True):
            self.fails = [True, False]
            measure = Measure("name", "what", None, measured)
            measure.together = together
            parts = [(SimpleNamespace(name=name), start) for name in ("one", "two")]
            found = [each for _, each in run_round(measure, parts, tools, lambda text: None)]
            self.assertEqual(sorted(isinstance(each, Failure) for each in found), [False, True])


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.figures = Figures()
        for number in range(3):
            for bar in BARS:
                for name in ("carillon", "node", "floor"):
                    stored = " postgres" if bar.stored else ""
                    self.figures.add(number, name + stored, {bar.figure: 1 + number})

    def test_every_bar_has_its_row_and_every_figure_its_words(self):
        table = report.bars_table(self.figures, "carillon")
        self.assertEqual(len(table.splitlines()), 2 + len(BARS))
        self.assertTrue({bar.figure for bar in BARS} <= set(report.FIGURES))

    def test_the_chart_is_xml_with_a_bar_for_each_value(self):
        root = xml.etree.ElementTree.fromstring(chart.draw(self.figures, ["carillon"]))
        rectangles = root.findall("{http://www.w3.org/2000/svg}rect")
        self.assertEqual(len(rectangles), 1 + 3 * len(BARS))

    def test_a_failure_is_told_on_the_page(self):
        self.figures.failures.append("relay, node, round 2")
        where = dict.fromkeys(("effort", "rounds", "date", "commit", "processor", "cores", "kernel", "node", "postgres",
                               "pinned", "load_before"), "x")
        self.assertIn("relay, node, round 2", report.markdown(self.figures, ["carillon"], ["carillon"], where, None))


if __name__ == "__main__":
    unittest.main()
