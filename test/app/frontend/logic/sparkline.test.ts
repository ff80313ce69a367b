import { expect, test } from "vitest"
import { sparkline } from "../../../../app/frontend/src/logic/sparkline.ts"

const size = { width: 30, height: 20, margin: 0, slots: 4 }

test("values go from the bottom at zero to the top at the largest, the newest at the right", () => {
  expect(sparkline([0, 5, 20, 10], size)).toEqual({
    line: "M0 20L10 15L20 0L30 10",
    area: "M0 20L10 15L20 0L30 10V20H0Z",
    last: { x: 30, y: 10 },
  })
})

test("few values leave the left empty, many drop the oldest", () => {
  expect(sparkline([1, 2], size)?.line).toBe("M20 10L30 0")
  expect(sparkline([9, 9, 1, 1, 1, 1], size)?.line).toBe("M0 0L10 0L20 0L30 0")
})

test("a lone value is a dot, and none is nothing", () => {
  expect(sparkline([7], size)).toEqual({ line: "", area: "", last: { x: 30, y: 0 } })
  expect(sparkline([], size)).toBeNull()
})

test("zeros and negative values stay on the ground", () => {
  expect(sparkline([0, 0], size)?.line).toBe("M20 20L30 20")
  expect(sparkline([-5, 10], size)?.line).toBe("M20 20L30 0")
})

test("the margin keeps strokes inside", () => {
  const drawn = sparkline([0, 8], { width: 30, height: 20, margin: 3, slots: 2 })
  expect(drawn?.line).toBe("M3 17L27 3")
})
