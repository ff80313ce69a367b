import type { PageState } from "../logic/page-state.ts"
import { isToken } from "../logic/preferences.ts"
import { byId, setHidden, setText } from "./dom.ts"

export interface TokenActions {
  readonly use: (token: string) => void
  readonly forget: () => void
}

export type RenderAccess = (state: PageState, hasToken: boolean) => void

/** The field for the token, and the way to be rid of it again. */
export function createTokenForm({ use, forget }: TokenActions): RenderAccess {
  const section = byId("access", HTMLElement)
  const input = byId("token", HTMLInputElement)
  const problem = byId("token-problem", HTMLElement)
  let malformed = false
  byId("token-form", HTMLFormElement).addEventListener("submit", event => {
    event.preventDefault()
    const token = input.value.trim()
    malformed = !isToken(token)
    if (malformed) showProblem(problemText("malformed"))
    else use(token)
  })
  byId("forget", HTMLButtonElement).addEventListener("click", forget)

  function showProblem(text: string): void {
    setText(problem, text)
    input.setAttribute("aria-invalid", String(text !== ""))
  }

  return ({ access }, hasToken) => {
    hideWithFocus(section, access === "open")
    hideWithFocus(byId("token-kept", HTMLElement), access !== "open" || !hasToken)
    if (access === "open") input.value = ""
    showProblem(malformed ? problemText("malformed") : problemText(access))
  }
}

/** The focus of what goes away moves to the state of the whole: lost, it would start again at the top. */
function hideWithFocus(element: HTMLElement, hidden: boolean): void {
  const hadFocus = element.contains(document.activeElement)
  setHidden(element, hidden)
  if (hidden && hadFocus) byId("state", HTMLElement).focus()
}

function problemText(state: PageState["access"] | "malformed"): string {
  if (state === "malformed") return "A token has no spaces and no letters outside of ASCII."
  return state === "token-rejected" ? "The backend did not accept this token." : ""
}
