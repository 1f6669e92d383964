"""What the hearings do when something happens below them."""

from cases.following import follows
from hearings.following import carry_summonses

follows(carry_summonses)
