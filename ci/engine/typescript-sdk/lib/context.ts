// All that the generated client needs: it is loaded before everything that needs it.
export { Context } from "npm:dagger/common/context.js"
