"""What a creator's contract costs, line by line, in whole cents.

In: an account, its fee, and the value of each quantity of its contract; later its orders. Out: cents for each of
COSTS. Invariant: every cost is a line of its own and is rounded to a cent once, where it arises; a sum of costs is a
sum of integers, so lines add up to spend exactly, by creator, by line and over replications.

What the contract says is known before the campaign and is what a budget is planned with. The affiliate commission is
paid out of orders, so it is no part of a plan. Paid media is planned as a sum of money, of which a play may spend less.
A refund is no cost below 0 but money that comes back, so what was spent, by which ROI divides, knows of no scandal.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.scenario.account import Account
from simulator.scenario.quantity import Quantity

# Gives the value of a quantity by its key in the account: what it turned out to be, or its median.
ValueOf = Callable[[str, Quantity], float]

COSTS = (
    "fee",
    "agency_commission",
    "usage_rights",
    "exclusivity",
    "whitelisting",
    "production_cost",
    "product_sent_cost",
    "management_cost",
    "affiliate_commission",
    "paid_media",
)
# Lines that the contract decides before anything is ordered, the first of COSTS.
CONTRACT = COSTS[:8]
# Lines that fall when posts are not delivered.
_BY_POST = ("fee", "agency_commission", "usage_rights", "exclusivity", "whitelisting", "production_cost")


def to_cents(money: float) -> int:
    """Give an amount in whole cents."""
    return round(money * 100)


def median(_key: str, quantity: Quantity) -> float:
    """Value a quantity at its median, as plans do."""
    return quantity.median


def contract_cents(
    account: Account,
    full_fee_cents: int,
    value_of: ValueOf,
    posts_delivered: int | None = None,
    *,
    boosted: bool = False,
) -> tuple[int, ...]:
    """Give what a contract costs whatever is ordered: the lines of CONTRACT [cents].

    Args:
        account: The creator's account.
        full_fee_cents: The fee for all posts [cents].
        value_of: Gives the value of a quantity.
        posts_delivered: How many posts are delivered, by default all. A creator who drops out is paid for these; the
            product was sent and the work of managing was done all the same.
        boosted: Whether ads may run through the account, which is what whitelisting is paid for.
    """
    terms, planned = account.terms, account.post_count
    posts = planned if posts_delivered is None else posts_delivered
    fee_cents = full_fee_cents if posts == planned else round(full_fee_cents * posts / planned)

    def of_terms(key: str) -> float:
        return value_of(f"terms.{key}", getattr(terms, key))

    return (
        fee_cents,
        round(fee_cents * of_terms("agency_commission_of_fee")),
        round(fee_cents * of_terms("usage_rights_of_fee_per_month") * terms.usage_rights_months),
        round(fee_cents * of_terms("exclusivity_of_fee_per_month") * terms.exclusivity_months),
        round(fee_cents * of_terms("whitelisting_of_fee_per_month") * terms.whitelisting_months) if boosted else 0,
        to_cents(of_terms("production_cost_per_post")) * posts,
        to_cents(of_terms("product_sent_cost")),
        to_cents(value_of("management_cost", account.management_cost)),
    )


def affiliate_cents(account: Account, orders: int, order_value_cents: int, value_of: ValueOf) -> int:
    """Give the commission on a creator's orders that are kept, rounded to a cent for each order [cents]."""
    key = "affiliate_commission_of_order_value"
    return orders * round(order_value_cents * value_of(f"terms.{key}", getattr(account.terms, key)))


def refund_cents(account: Account, fee_cents: int, value_of: ValueOf) -> int:
    """Give what a scandal brings back of the fee that was paid [cents]."""
    if account.scandal is None:
        return 0
    return round(fee_cents * value_of("scandal.refund_of_fee", account.scandal.refund_of_fee))


def may_have_scandal(account: Account) -> bool:
    """Say whether a scandal is possible."""
    return account.scandal is not None and account.scandal.probability_per_day.bounds[1] > 0


def may_refund(account: Account) -> bool:
    """Say whether a scandal may bring money back."""
    return may_have_scandal(account) and account.scandal is not None and account.scandal.refund_of_fee.bounds[1] > 0


def open_lines(account: Account) -> tuple[str, ...]:
    """Give the lines of COSTS that the plan does not decide: a play's orders and drop-outs do.

    Paid media is no matter of an account: the plan says at most how much is spent.
    """
    by_post = () if account.completion_probability.bounds[0] == 1.0 else _BY_POST
    by_order = account.terms.affiliate_commission_of_order_value.bounds[1] > 0
    return (*by_post, *(["affiliate_commission"] if by_order else []))


def is_known(account: Account) -> bool:
    """Say whether all that the contract costs beside the fee is the same whenever all posts are delivered."""
    terms = [quantity for quantity in vars(account.terms).values() if isinstance(quantity, Quantity)]
    return all(quantity.is_fixed for quantity in (account.management_cost, *terms))
