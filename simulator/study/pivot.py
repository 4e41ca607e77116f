"""A mean of skewed, heavy-tailed values, and how surely it lies on one side of a number.

In: the values of a mean. Out: a `Pivot`: normal deviates, and bounds at normal deviates. Invariant: one is the inverse
of the other, so an interval leaves out a number exactly where the deviate from it says so.

A t interval of a skewed measure covers too little on one side, and one that a run waited for even less: a run that
stops when its interval is narrow stops where no large value has come yet. Two corrections answer that: Hall's
transformation turns the skewness of the mean back, and the degrees of freedom are those that the fourth moment leaves,
so that a variance which rests on few values is believed less.

References:
    Hall (1992), On the removal of skewness by transformation, Journal of the Royal Statistical Society B 54, section 2.
    Box (1953), Non-normality and tests on variances, Biometrika 40: the variance of a variance has the kurtosis in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.study.estimates import Markets, Moments, Values, defined, moments, skewed_quantile

METHOD = "t, corrected for skewness and tails"
# Further out, probabilities are too small for a float.
_FARTHEST = 37.0


@dataclass(frozen=True)
class Pivot:
    """A mean whose error is known but not normal.

    Attributes:
        mean: What is known of it; with an error above 0.
        n: How many values it is made of.
    """

    mean: Moments
    n: int

    @property
    def error(self) -> float:
        """Give the standard error."""
        assert self.mean.error, "a pivot has an error"
        return self.mean.error

    def deviate(self, number: float = 0.0) -> float:
        """Give how far the mean lies above a number, as a deviate of the standard normal law."""
        from scipy import special

        skewness, t = self.mean.skewness, (self.mean.value - number) / self.error
        symmetric = t + skewness * (t**2 / 3 + 1 / 6) + skewness**2 * t**3 / 27
        # from the nearer tail, where probabilities keep their digits
        tail = float(special.ndtri(special.stdtr(self.mean.tail_freedom, -abs(symmetric))))
        return min(-tail, _FARTHEST) if symmetric > 0 else max(tail, -_FARTHEST)

    def bound(self, deviate: float) -> float:
        """Give the number that the mean lies so far above: the inverse of `deviate`."""
        from scipy import special

        tail = float(special.stdtrit(self.mean.tail_freedom, special.ndtr(-abs(deviate))))
        return self.mean.value - self.error * skewed_quantile(-tail if deviate > 0 else tail, self.mean.skewness)

    def interval(self, level: float) -> tuple[float, float]:
        """Give the interval of a run that nobody looked at before its end."""
        from scipy import special

        deviate = float(special.ndtri((1 + level) / 2))
        return self.bound(deviate), self.bound(-deviate)


def pivot_of(values: Values, market: Markets) -> Pivot | None:
    """Make the pivot of a mean; None where it has no error, or none that can be told.

    Args:
        values: One value per replication (n,), NaN where it is undefined.
        market: Index of the market each replication was played in (n,).

    Raises:
        ValueError: A value is infinite or the shapes differ.
    """
    used, markets = defined(values, market)
    mean = moments(used, markets) if len(used) else None
    return Pivot(mean, len(used)) if mean and mean.error else None
