import fc from "fast-check"
import { expect, test } from "vitest"
import { stringify } from "yaml"
import { checkStackFile } from "../../../../ci/policy/compose/check.ts"
import { runsOf } from "../runs.ts"
import { type Mutation, mutation } from "./mutations.ts"
import { cleanStack, imagesBring, type Stack } from "./stacks.ts"

const runs = runsOf("Property 1")

function check(stack: Stack) {
  return checkStackFile(stringify(stack), imagesBring)
}

/** A copy of the stack with the mutation in one of its services, and the name of that service. */
function spoilt(clean: Stack, pick: number, { apply }: Mutation): { stack: Stack; name: string } {
  const stack = structuredClone(clean)
  const names = Object.keys(stack.services)
  const name = names[pick % names.length] ?? ""
  apply(stack.services[name])
  return { stack, name }
}

test("Property 1, compose: a stack file that keeps every rule passes, however it is written", () => {
  fc.assert(
    fc.property(cleanStack, stack => {
      expect(check(stack)).toEqual([])
    }),
    runs,
  )
})

test("Property 1, compose: a service that breaks a rule is named with that rule, and with no other", () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(cleanStack, fc.nat(), mutation, (clean, pick, change) => {
      const { stack, name } = spoilt(clean, pick, change)
      const found = check(stack).map(({ code, subject }) => `${subject} ${code}`)
      expect(new Set(found)).toEqual(new Set([`${name} ${change.code}`]))
      seen.add(change.code)
    }),
    runs,
  )
  expect(seen.size).toBe(16)
})

test("Property 1, compose: two broken services are both named", () => {
  fc.assert(
    fc.property(cleanStack, mutation, mutation, (stack, one, two) => {
      const { services } = stack
      const [first = {}] = Object.values(services)
      const both = {
        ...stack,
        services: { "x-one": structuredClone(first), "x-two": structuredClone(first) },
      }
      one.apply(both.services["x-one"])
      two.apply(both.services["x-two"])
      const found = check(both).map(({ code, subject }) => `${subject} ${code}`)
      expect(new Set(found)).toEqual(new Set([`x-one ${one.code}`, `x-two ${two.code}`]))
    }),
    runs,
  )
})
