"""What every answer tells the browser besides its page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# The camera reads cards on the page of scanning; a page that somebody managed to change gets at nothing else of the device.
PERMISSIONS = "camera=(self), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), payment=()"


def permissions_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Say which parts of the device our pages may ask for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS
        return response

    return middleware
