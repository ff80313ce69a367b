import { expect, test } from "vitest"
import {
  formatAge,
  formatDuration,
  formatLatency,
  formatMoment,
} from "../../../../app/frontend/src/logic/durations.ts"

test.each([
  [0, "0 s"],
  [999, "0 s"],
  [1000, "1 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [125_000, "2 min 5 s"],
  [3_600_000, "1 h"],
  [3_600_000 + 59_000, "1 h"],
  [86_400_000 * 3 + 3_600_000 * 4 + 60_000, "3 d 4 h"],
])("%d ms last %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test("an age below a second is now", () => {
  expect(formatAge(999)).toBe("just now")
  expect(formatAge(-300)).toBe("just now")
  expect(formatAge(61_000)).toBe("1 min 1 s ago")
})

test.each([
  [null, "–"],
  [0, "0.0 ms"],
  [0.04, "<0.1 ms"],
  [0.05, "0.1 ms"],
  [9.94, "9.9 ms"],
  [9.96, "10 ms"],
  [999.4, "999 ms"],
  [999.6, "1.00 s"],
  [9_994, "9.99 s"],
  [9_996, "10.0 s"],
])("a latency of %s is shown as %s", (ms, text) => {
  expect(formatLatency(ms)).toBe(text)
})

test("a moment of today has seconds, another one has its date", () => {
  const at = new Date(2026, 10, 24, 9, 5, 7).getTime()
  expect(formatMoment(at, at + 60_000)).toBe("09:05:07")
  expect(formatMoment(at, at + 86_400_000)).toBe("24 Nov 2026, 09:05")
})
