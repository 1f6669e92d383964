// The small calendar of the docket with the keyboard: arrows go from day to day, Page Up and Page Down to the months beside, Escape closes it.
(() => {
  const pick = document.querySelector("[data-month]");
  if (!pick) return;
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const PAGES = { PageUp: "prev", PageDown: "next" };
  const days = [...pick.querySelectorAll("td a")];
  const begin = () => (pick.querySelector("td [aria-current]") || pick.querySelector("td .busy") || days[0]).focus();

  pick.addEventListener("toggle", () => pick.open && begin());
  pick.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      pick.open = false;
      pick.querySelector("summary").focus();
    }
    if (event.key in PAGES) {
      event.preventDefault();
      pick.querySelector(`[rel=${PAGES[event.key]}]`).click();
    }
    const place = days.indexOf(document.activeElement);
    if (event.key in STEPS && place >= 0) {
      event.preventDefault();
      const next = place + STEPS[event.key];
      if (days[next]) days[next].focus();
      else pick.querySelector(`[rel=${next < 0 ? "prev" : "next"}]`).focus();
    }
  });
  document.addEventListener("click", (event) => pick.contains(event.target) || (pick.open = false));
  if (pick.open) begin();
})();
