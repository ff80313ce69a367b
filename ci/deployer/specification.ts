/**
 * Whether a task was made from this specification. Docker reports the two with different empty fields
 * (`"DNSConfig": {}` in the service, nothing in the task), so emptiness does not count.
 */
export function sameSpecification(task: unknown, template: unknown): boolean {
  return JSON.stringify(canonical(task)) === JSON.stringify(canonical(template))
}

// Only the service has it, always with the same value for what runs in containers.
const ignored = new Set(["Runtime"])

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(item => canonical(item) ?? null)
  if (typeof value !== "object" || value === null) return value || undefined
  const entries = Object.entries(value)
    .filter(([key]) => !ignored.has(key))
    .map(([key, inner]) => [key, canonical(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
