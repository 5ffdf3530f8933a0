// How the debrief writes numbers.

/** Return a share in percent. */
export function percent(share) {
  const value = 100 * share;
  const digits = value > 0 && value < 100 && (value < 2 || value > 98) ? 1 : 0;
  return `${value.toFixed(digits)} %`;
}

/** Return a time since the post. */
export function clock(minute) {
  const hours = Math.floor(minute / 60);
  const rest = Math.floor(minute % 60);
  if (!hours) return `${rest} min`;
  return rest ? `${hours} h ${String(rest).padStart(2, "0")} min` : `${hours} h`;
}
