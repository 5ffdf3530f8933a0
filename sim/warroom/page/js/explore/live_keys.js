// Which keys are meant for the campaign that is played, and not for what stands around it.

/** Tell whether a key is meant for the campaign: its section has the focus, or nothing has and it is in sight. */
export function isMeant(event, section, body, scrubber) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return false;
  const focus = document.activeElement;
  if (!section.contains(focus)) {
    if (focus !== document.body && focus.id !== "view") return false;
    const box = body.getBoundingClientRect();
    if (box.top > innerHeight * 0.7 || box.bottom < 0) return false;
  }
  if (focus !== scrubber && /^(INPUT|SELECT|TEXTAREA|BUTTON|A|SUMMARY)$/.test(focus.tagName)) return false;
  return !focus.classList.contains("live-feed") || event.key === " ";
}
