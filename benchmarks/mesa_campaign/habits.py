"""When people look: at their feed, and at the trending list."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from random import Random

NEVER = 2**30


class Day:
    """The hour-of-day profile: how much of a day's activity has passed at a minute, and the other way round."""

    def __init__(self, weights: Sequence[float], posting_hour: float) -> None:
        self.offset = 60.0 * posting_hour
        self.before = [sum(weights[:hour]) / sum(weights) for hour in range(25)]

    def activity(self, minute: int) -> float:
        """Return the days of mean activity between local midnight before the post and the start of a minute."""
        day, of_day = divmod(minute + self.offset, 1440.0)
        hour = int(of_day // 60)
        inside = of_day / 60 - hour
        return day + self.before[hour] + inside * (self.before[hour + 1] - self.before[hour])

    def minute(self, activity: float) -> int:
        """Return the minute since the post in which that much activity is reached."""
        day = math.floor(activity)
        share = activity - day
        hour = max(0, bisect_left(self.before, share) - 1)
        width = self.before[hour + 1] - self.before[hour]
        inside = (share - self.before[hour]) / width if width > 0.0 else 0.0
        return math.floor(1440.0 * day + 60.0 * (hour + inside) - self.offset)


class Visits:
    """One visit per unit of (rate x activity), at a random place in the unit."""

    __slots__ = ("day", "rate", "random", "unit", "upcoming")

    def __init__(self, day: Day, rate: float, random: Random) -> None:
        self.day = day
        self.rate = rate
        self.random = random
        self.unit = -1
        self.upcoming = -NEVER

    def after(self, minute: int, activity: float) -> int:
        """Return the first visit after a minute, by whose end ``activity`` has passed; minutes asked for never fall."""
        if self.upcoming > minute:
            return self.upcoming
        if self.rate <= 0.0:
            return NEVER
        passed = self.rate * activity
        unit = max(self.unit + 1, int(passed))
        while True:
            place = unit + self.random.random()
            if place >= passed:
                found = self.day.minute(place / self.rate)
                if found > minute:
                    break
            unit += 1
        self.unit = unit
        self.upcoming = found
        return found
