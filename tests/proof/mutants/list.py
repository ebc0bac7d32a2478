"""The table of planted bugs, in an order that stays: a bug is known by its number."""

from tests.proof.mutants.bug import Mutant as Mutant
from tests.proof.mutants.ground import GROUND
from tests.proof.mutants.heart import HEART
from tests.proof.mutants.senders import SENDERS

MUTANTS = (*HEART, *SENDERS, *GROUND)
"""All of them."""
