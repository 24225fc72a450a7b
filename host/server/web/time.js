// Moments and waits as people say them.

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The time of day. */
export function timeOf(ms) {
  return clock.format(ms);
}

/** The day and the time. */
export function dateOf(ms) {
  return full.format(ms);
}

/** The day, as a heading: today, yesterday, or its name. */
export function dayOf(ms) {
  const days = Math.round((midnight(Date.now()) - midnight(ms)) / 86400000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return day.format(ms);
}

/** Tells whether two moments are on different days. */
export function daysApart(a, b) {
  return midnight(a) !== midnight(b);
}

/** What is left of a wait: `4:09` in the last ten minutes, roughly before that. */
export function left(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

function midnight(ms) {
  return new Date(ms).setHours(0, 0, 0, 0);
}
