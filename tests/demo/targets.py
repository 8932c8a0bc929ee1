"""Three targets of the programme that are measured each period, and how each stands in the end: by the journal alone.

Of the others it is not said what is to be reached; so nobody can say in the end whether it was.
"""
from decimal import ROUND_HALF_UP, Decimal

# By number: what its assigner says of it; what its lead reports, one after another, and once more the last; how it ends.
MEASURED = {
    36: (("--better", "less", "--per", "100", "--unit", "%", "--target", "5", "--plan", "2024-W20=12", "--plan", "2024-W24=8"),
         [{"numerator": late, "denominator": 400} for late in (52, 45, 38, 31, 24, 16)], "met"),
    55: (("--counting", "amount", "--unit", "tỷ đồng", "--target", "120", "--plan", "2024-06=15", "--plan", "2024-12=120"),
         [{"value": value} for value in (9.5, 8.25, 7.125)], "not_met"),
    16: (("--unit", "xã", "--target", "4"), [], "value_missed"),  # nobody ever reports one
}
STANDINGS = ("met", "not_met", "on_the_way", "behind", "value_missed")
DONE = ("submitted", "completed")


class Measured:
    """One task: what it is to reach, and what was reported of it."""

    def __init__(self):
        self.content, self.values, self.missing, self.said = {}, {}, None, None

    def add(self, record):
        self.content.update(record.get("content", {}))
        self.missing = record.get("value_missing", self.missing)
        if record.get("action") == "report":
            self.said = record.get("value", self.said)
        if "measured" in record:
            said = record["measured"]
            self.values[said["period"]] = self.counted(said)
            self.missing = None if said["period"] == self.missing else self.missing

    def counted(self, said):
        per = self.content["indicator"].get("per")
        if not per:
            return Decimal(str(said["value"]))
        rate = Decimal(str(said["numerator"])) * per / Decimal(str(said["denominator"]))
        return rate.quantize(Decimal("0.001"), ROUND_HALF_UP)

    def goal(self):
        planned = [Decimal(str(one["value"])) for one in self.content.get("plan", [])]
        if "target" in self.content:
            return Decimal(str(self.content["target"]))
        return (sum(planned) if self.adds_up() else planned[-1]) if planned else None

    def adds_up(self):
        return self.content.get("indicator", {}).get("counting") == "amount"

    def reached(self):
        if "indicator" not in self.content:
            return None if self.said is None else Decimal(str(self.said))
        return (sum(self.values.values()) if self.adds_up() else self.values[max(self.values)]) if self.values else None

    def standing(self, state, due, now):
        """None of what is no target, or was over without a figure to reach."""
        if self.content.get("kind") != "target" or state == "cancelled":
            return None
        if state not in DONE and self.missing:
            return "value_missed"
        if state not in DONE and (state == "suspended" or due is None or due > now):
            return "on_the_way"
        goal, reached = self.goal(), self.reached()
        if goal is None:
            return None
        less = self.content.get("indicator", {}).get("better") == "less"
        return "met" if reached is not None and (reached <= goal if less else reached >= goal) else "not_met"


def set_up(ctl, context):
    """Their assigner says how they are measured."""
    for number, (words, _, _) in MEASURED.items():
        ctl("target", "set", f"HT-{number:03}", *words, context=context, quiet=True)


def lines_of(targets):
    """The page's lines of targets, as they are piped."""
    total = {name: sum(counts[name] for counts in targets.values()) for name in STANDINGS}
    for whose, counts in [*((f"of {lead}", counts) for lead, counts in targets.items()), ("in all", total)]:
        yield "\t".join([f"targets {whose}", *(str(counts[name]) for name in STANDINGS)])


def check(page, tally):
    """How many stand how, by the page and by the journal; and each of the three as it was to."""
    ends = {reference: standing for reference, standing in tally.standings.items() if standing}
    meant = {f"HT-{number:03}": end for number, (_, _, end) in MEASURED.items()}
    print("targets: " + ", ".join(f"{reference} {standing.replace('_', ' ')}, {len(tally.measured[reference].values)} values reported"
                                  for reference, standing in sorted(ends.items())))
    problems = [] if page["targets"] == tally.targets else [f"of targets the page says {page['targets']}, the journal {tally.targets}"]
    if ends != meant:
        problems.append(f"the targets were to end as {meant}, and not {ends}")
    return problems
