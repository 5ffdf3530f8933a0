// Words of the campaign that is played.

export const SPEEDS = [
  [1, "1 minute a second"],
  [5, "5 minutes a second"],
  [20, "20 minutes a second"],
  [60, "1 hour a second"],
  [240, "4 hours a second"],
];

/** Return a number as people write it. */
export function number(value) {
  return Math.round(value).toLocaleString("en-GB");
}

/** Return a share in percent. */
export function percent(share) {
  if (share === null || share === undefined) return "none yet";
  const hundred = 100 * share;
  return `${hundred > 0 && hundred < 9.95 ? hundred.toFixed(1) : Math.round(hundred)} %`;
}

/** Return "2 h 05 min after the post". */
export function since(minute) {
  const hours = Math.floor(minute / 60);
  const rest = minute % 60;
  return hours ? `${hours} h ${String(rest).padStart(2, "0")} min` : `${rest} min`;
}

/** Return the time of day, and the day of the campaign where it is not the first. */
export function clock(minute, startHour) {
  const at = Math.floor(startHour * 60) + minute;
  const day = Math.floor(at / 1440);
  const text = `${String(Math.floor((at % 1440) / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
  return day ? `${text}, day ${day + 1}` : text;
}
