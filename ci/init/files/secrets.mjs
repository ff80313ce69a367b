// Runs before the service. Docker gives secrets as files, and NAME_FILE says where: the service finds the value in NAME.
import { readFileSync } from "node:fs"

for (const [variable, path = ""] of Object.entries(process.env)) {
  if (!variable.endsWith("_FILE") || !path.startsWith("/run/secrets/")) continue
  const value = readFileSync(path, "utf8").replace(/\n$/, "")
  // A secret that was not given is an empty line.
  if (value !== "") process.env[variable.slice(0, -"_FILE".length)] = value
}
