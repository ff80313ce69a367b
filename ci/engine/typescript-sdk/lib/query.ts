import type { GraphQLClient } from "./graphql.ts"

/** A word that GraphQL takes as it is, such as a member of an enum. */
export class Word {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Value = string | number | boolean | Word | Chain | Value[] | undefined
type Step = { field: string; args: Record<string, Value> }

/** A chain of API calls that ends in the ID of what it made. An argument may itself be such a chain. */
export class Chain {
  readonly steps: readonly Step[]

  constructor(steps: readonly Step[] = []) {
    this.steps = steps
  }

  call(field: string, args: Record<string, Value> = {}): Chain {
    return new Chain([...this.steps, { field, args }])
  }
}

/**
 * Resolves a chain to its ID. The API takes an object as argument by its ID, so the innermost chains go first;
 * one request asks for a whole layer, and for equal chains once.
 */
export async function resolve(client: GraphQLClient, chain: Chain): Promise<string> {
  const plan = new Plan()
  const last = plan.add(chain)
  for (const layer of plan.layers) {
    const queries = layer.map(entry => `q${entry.index}:${plan.render(entry.chain)}`)
    const answer = await client.request<Record<string, unknown>>(`{${queries.join(" ")}}`)
    for (const entry of layer) entry.id = innermost(answer[`q${entry.index}`])
  }
  return last.id
}

interface Entry {
  chain: Chain
  index: number
  layer: number
  id: string
}

class Plan {
  readonly layers: Entry[][] = []
  readonly #entries = new Map<string, Entry>()

  add(chain: Chain): Entry {
    const inner = chain.steps
      .flatMap(step => Object.values(step.args))
      .filter(value => value instanceof Chain)
    const layer = Math.max(-1, ...inner.map(argument => this.add(argument).layer)) + 1
    const key = this.#key(chain)
    const known = this.#entries.get(key)
    if (known) return known
    const entry = { chain, index: this.#entries.size, layer, id: "" }
    this.#entries.set(key, entry)
    this.layers[layer] = [...(this.layers[layer] ?? []), entry]
    return entry
  }

  render(chain: Chain): string {
    return renderChain(chain, argument => JSON.stringify(this.#find(argument).id))
  }

  #key(chain: Chain): string {
    return renderChain(chain, argument => `#${this.#find(argument).index}`)
  }

  #find(chain: Chain): Entry {
    const entry = this.#entries.get(this.#key(chain))
    if (!entry) throw new Error("a chain was used before it was planned")
    return entry
  }
}

function renderChain(chain: Chain, nested: (argument: Chain) => string): string {
  const opened = chain.steps.map(step => `${step.field}${renderArgs(step.args, nested)}{`).join("")
  return `${opened}id${"}".repeat(chain.steps.length)}`
}

function renderArgs(args: Step["args"], nested: (argument: Chain) => string): string {
  const given = Object.entries(args).filter(([, value]) => value !== undefined)
  return given.length === 0
    ? ""
    : `(${given.map(([name, value]) => `${name}:${render(value, nested)}`).join(",")})`
}

function render(value: Value, nested: (argument: Chain) => string): string {
  if (value instanceof Chain) return nested(value)
  if (value instanceof Word) return value.text
  return Array.isArray(value)
    ? `[${value.map(item => render(item, nested)).join(",")}]`
    : JSON.stringify(value)
}

function innermost(value: unknown): string {
  return typeof value === "string" ? value : innermost(Object.values(value as object)[0])
}
