"""The list of texts, the page where one is written, and a native speaker's signature."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actors import Capability
from core.doors import StaffRequest, go_to, refused_in, staff_page
from core.errors import DomainError
from words import pages
from words.actions import sign_text, write_text
from words.book import Text
from words.forms import SignForm, TextForm
from words.models import Way


@staff_page(Capability.SEND_MESSAGES)
@require_safe
def texts(request: StaffRequest) -> HttpResponse:
    """Every text by language, and the ladder."""
    way = Way.SPOKEN if request.GET.get("way") == Way.SPOKEN else Way.WRITTEN
    return render(request, "words/texts.html", {**pages.list_page(way), "nav": "hearings"})


@staff_page(Capability.SEND_MESSAGES)
@require_http_methods(["GET", "POST"])
def text(request: StaffRequest, language: str, purpose: str, way: str) -> HttpResponse:
    """One text: what stands, how it travels, and a new version of it."""
    newest = _newest(purpose, language, way)
    form = TextForm(request.POST or None, own=newest)
    if not form.is_valid():
        return _page(request, newest, form)
    try:
        write_text(purpose=purpose, language=language, way=way, **form.said, actor=request.actor, at=timezone.now())
    except DomainError as refusal:
        form.add_error("text", str(refusal))
        return _page(request, newest, form)
    messages.success(request, _("The new version is kept. It waits for a native speaker."))
    return go_to(request, request.path)


@staff_page(Capability.SEND_MESSAGES)
@require_POST
def preview(request: StaffRequest, language: str, purpose: str, way: str) -> HttpResponse:
    """How what is being written would arrive, while it is written."""
    form = TextForm(request.POST, own=_newest(purpose, language, way))
    return render(request, "words/text.html#preview", {"preview": _preview(form, purpose, language, way)})


@staff_page(Capability.SEND_MESSAGES)
@require_POST
def sign(request: StaffRequest, language: str, purpose: str, way: str) -> HttpResponse:
    """A native speaker answers for a version."""
    newest, form = _newest(purpose, language, way), SignForm(request.POST)
    if form.is_valid():
        version = form.cleaned_data["version"]
        with refused_in(form):
            sign_text(
                purpose=purpose, language=language, way=way, version=version, actor=request.actor, at=timezone.now()
            )
            messages.success(request, _("Signed. From now on this is what is said."))
            return go_to(request, reverse("words:text", args=[language, purpose, way]))
    return _page(request, newest, TextForm(own=newest), form)


def _newest(purpose: str, language: str, way: str) -> Text:
    if not pages.exists(purpose, language, way):
        raise Http404
    return pages.newest(purpose, language, way)


def _page(request: StaffRequest, newest: Text, form: TextForm, signing: SignForm | None = None) -> HttpResponse:
    context = {
        **pages.text_page(newest.purpose, newest.language, newest.way),
        "newest": newest,
        "nav": "hearings",
        "form": form,
        "signing": signing or SignForm(initial={"version": newest.version}),
        "preview": _preview(form, newest.purpose, newest.language, newest.way),
    }
    return render(
        request, "words/text.html", context, status=422 if form.errors or (signing and signing.errors) else 200
    )


def _preview(form: TextForm, purpose: str, language: str, way: str) -> pages.Preview | None:
    """What stands in the form as it would arrive, refused or not."""
    written = " ".join(str(form["text"].value() or "").split())
    if not written:
        return None
    plain = "in_plain_letters" in form.fields and bool(form["in_plain_letters"].value())
    text = Text(
        purpose=purpose,
        language=language,
        way=way,
        text=written,
        in_plain_letters=plain,
        version=0,
        is_signed=False,
    )
    return pages.preview_of(text)
