"""What the outbox says, for the script that says it: a pair is for one and for several."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Words = dict[str, str | tuple[str, str]]


def chip_words() -> Words:
    """What the chip in the top bar says, and the page of signing out."""
    return {
        "chip_online": _("Online"),
        "chip_away": _("No connection"),
        "chip_away_short": _("no connection"),
        "chip_signed_out": _("sign in to send"),
        "chip_waiting": _pair(lambda n: ngettext("%(n)s to send", "%(n)s to send", n)),
        "chip_wrong": _pair(lambda n: ngettext("%(n)s to correct", "%(n)s to correct", n)),
        "sign_out_unsent": _pair(
            lambda n: ngettext(
                "%(n)s entry has not been received yet and stays on this device.",
                "%(n)s entries have not been received yet and stay on this device.",
                n,
            )
        ),
        "no_storage": _(
            "This browser keeps nothing (private window, or storage blocked). Register with network only, or use another window."
        ),
        "not_opened": _(
            "Another page of this browser holds what is kept here. Nothing is lost: close its other tabs, or the browser, "
            "and open this page again."
        ),
        "no_crypto": _(
            "This browser cannot seal what is written, or the address has no https. Register with network only."
        ),
        "full": _("This device has no room left. Free some space; what was kept before is safe."),
    }


def outbox_words() -> Words:
    """What the list on this device and the page at the bridge say."""
    return chip_words() | _states() | _reasons() | _at_the_bridge() | _shift_and_file() | _board()


def _pair(said: Callable[[int], str]) -> tuple[str, str]:
    return said(1), said(2)


def _states() -> Words:
    return {
        "family": (_("One person"), _("Family of %(n)s")),
        "step": _pair(lambda n: ngettext("Step for %(n)s person", "Step for %(n)s people", n)),
        "written": _("saved %(time)s"),
        "received_at": _("received %(time)s"),
        "tries": _pair(lambda n: ngettext("tried once", "tried %(n)s times", n)),
        "state_waiting": _("To send"),
        "state_sending": _("Sending"),
        "state_received": _("Received"),
        "state_refused": _("Not accepted"),
        "state_late": _("To carry over"),
        "state_conflict": _("To decide"),
        "see_file": _("See file"),
        "decide": _("Decide"),
        "away_since": _("no network since %(time)s"),
    }


def _reasons() -> Words:
    return {
        "refused_locked": _("Something needs correcting. Open with your PIN to see what."),
        "refused_unsealed": _("It was written with no shift open. Export it to a file for a coordinator to bring in."),
        "late_why": _(
            "An earlier version was already received as %(code)s. Open with your PIN and correct the rest in the file."
        ),
        "conflict_why": _("Received; somebody wrote something else meanwhile. A person decides which is right."),
        "unreadable": _(
            "The server cannot read this entry. Correct it and save it again, or note it in the family's file."
        ),
        "too_large": _("This entry is too large to be sent. Shorten it and save it again."),
        "later_why": _("The server is busy. It is sent again by itself."),
        "clock_ahead": _pair(
            lambda n: ngettext(
                "The clock of this device is %(n)s minute ahead. Times are put right when it sends.",
                "The clock of this device is %(n)s minutes ahead. Times are put right when it sends.",
                n,
            )
        ),
        "clock_behind": _pair(
            lambda n: ngettext(
                "The clock of this device is %(n)s minute behind. Times are put right when it sends.",
                "The clock of this device is %(n)s minutes behind. Times are put right when it sends.",
                n,
            )
        ),
    }


def _at_the_bridge() -> Words:
    return {
        "note_received": _("Received: %(family)s · %(code)s"),
        "note_waiting": _("Saved on this device: %(family)s. To send."),
        "note_waiting_text": _("It is sent by itself, once, as soon as there is network. You can log the next family."),
        "note_look": _("%(family)s: look at the list on this device."),
        "doubtful": _("Look at this again. If it is right, save once more."),
        "doubt_nobody": _("Nothing is written of anybody yet."),
        "doubt_a_number": _("An A-number has 8 or 9 digits."),
        "doubt_day": _("This day is still to come."),
        "not_kept": _("Not saved yet. What you wrote is still here."),
        "being_sent": _("It is being sent right now. Wait a moment and look at the list."),
        "never_online": _("This device needs the network once before it can work without it."),
        "sign_in_first": _("You are signed out. Sign in in another window, then save here."),
        "correct_locked": _("Open with your PIN to correct this family."),
        "correct_locked_text": _("What you wrote is sealed on this device until then."),
        "correcting": _("You are correcting a family that has not been received yet."),
    }


def _shift_and_file() -> Words:
    return {
        "shift_since": _("%(name)s, since %(time)s"),
        "pin_short": _("Choose %(n)s digits or more."),
        "pin_weak": _("This PIN is easy to guess. Mix the digits."),
        "pin_differs": _("Both must be the same."),
        "pin_wrong": _("This PIN opens nothing here."),
        "exported": _pair(
            lambda n: ngettext("%(n)s entry is in the file, sealed.", "%(n)s entries are in the file, sealed.", n)
        ),
        "imported": _pair(lambda n: ngettext("%(n)s entry taken over.", "%(n)s entries taken over.", n)),
        "import_wrong": _("This is no file that a tablet exported. Choose the file that ends in .json."),
    }


def _board() -> Words:
    return {
        "board_age": _("as of %(time)s"),
        "board_noted": _("Noted: %(label)s"),
        "do_documented": _("Document given"),
        "do_tested": _("Test taken"),
        "do_isolated": _("Goes into isolation"),
        "do_placed": _("Placed"),
        "lacks_documented": _("no document"),
        "lacks_tested": _("no test"),
        "lacks_placed": _("no place"),
        "result_of": _("Result of %(name)s"),
    }
