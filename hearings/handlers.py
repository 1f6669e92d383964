"""What the hearings do when something happens below them."""

from cases.following import follows
from hearings.actions.escorting import carry_representations
from hearings.actions.following import carry_summonses

follows(carry_summonses)
follows(carry_representations)
