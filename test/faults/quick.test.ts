import { afterAll, beforeAll, describe } from "vitest"
import { SetUp } from "../deployment/set-up.ts"
import { badImages, lateCrash } from "./bad-images.ts"
import { earlyEnds } from "./early-ends.ts"
import { hangingWebhook } from "./hanging-webhook.ts"
import { hostileWords } from "./hostile-words.ts"
import { lostRegistry } from "./lost-registry.ts"

// The groups stand side by side, each on a stack of its own. The tests of one group follow each other on it: so each
// shows that a new deploy works after what the one before did.

let setUp: SetUp

beforeAll(async () => {
  setUp = await SetUp.create()
})

afterAll(() => setUp?.remove())

describe.concurrent("an image that is bad", () => badImages(() => setUp))
describe.concurrent("an image that goes bad later", () => lateCrash(() => setUp))
describe.concurrent("a deployer that ends early, or is not alone", () => earlyEnds(() => setUp))
describe.concurrent("a registry that goes", () => lostRegistry())
describe.concurrent("a webhook that hangs", () => hangingWebhook(() => setUp))
describe.concurrent("words that would be commands somewhere", () => hostileWords(() => setUp))
