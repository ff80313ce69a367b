import { type CommonServerOptions, defineConfig, type Plugin } from "vite"

type ProxyOptions = Exclude<NonNullable<CommonServerOptions["proxy"]>[string], string>

/** Where the backend answers, while the page is served by Vite (`vite` and `vite preview`). */
const backend = process.env.BACKEND_URL ?? "http://127.0.0.1:3000"

/** Nothing from elsewhere, nothing inline, and no text that becomes script. Whoever serves the page sends this. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
].join("; ")

const toBackend: ProxyOptions = {
  target: backend,
  // As a proxy in front of a real deployment answers. Vite alone would say 500, as if the backend were broken.
  configure(proxy) {
    proxy.on("error", (_error, _request, response) => {
      if ("writeHead" in response && !response.headersSent) response.writeHead(502).end()
    })
  },
}

/** A remembered theme must be set before the first paint, and no inline script may do it. */
const scriptBeforePaint: Plugin = {
  name: "script-before-paint",
  transformIndexHtml: {
    order: "post",
    handler: html => html.replace('<script type="module"', '<script type="module" blocking="render"'),
  },
}

export default defineConfig({
  root: import.meta.dirname,
  // No file stands in for a path that does not exist.
  appType: "mpa",
  plugins: [scriptBeforePaint],
  build: {
    outDir: "../../dist/frontend",
    emptyOutDir: true,
    // A data: address would break the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "^/(health|api)(/|\\?|$)": toBackend } },
  preview: { headers: { "Content-Security-Policy": contentSecurityPolicy } },
})
