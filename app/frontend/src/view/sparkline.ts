import { type SparklineSize, sparkline } from "../logic/sparkline.ts"
import { find } from "./dom.ts"

/** The viewBox of the template in index.html, and as many values as the backend keeps. */
const size: SparklineSize = { width: 120, height: 28, margin: 3, slots: 30 }

export function drawSparkline(svg: Element, values: readonly number[], description: string): void {
  const drawn = sparkline(values, size)
  svg.setAttribute("aria-label", description)
  svg.classList.toggle("empty", drawn === null)
  find(svg, ".spark-area").setAttribute("d", drawn?.area ?? "")
  find(svg, ".spark-line").setAttribute("d", drawn?.line ?? "")
  // A line of no length with round ends: a dot that stays round when the picture is stretched.
  find(svg, ".spark-last").setAttribute("d", drawn ? `M${drawn.last.x} ${drawn.last.y}h0` : "")
}
