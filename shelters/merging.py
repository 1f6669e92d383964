"""What beds have to say when two files become one."""

from cases.actions.merging import refuse_merges_where
from shelters.errors import BothHaveAPlace

refuse_merges_where({"shelters_stay_one_open_per_person": BothHaveAPlace})
