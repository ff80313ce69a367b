/**
 * Settings that let apt see nothing but the pack: apt reads the file that APT_CONFIG names before all others, and this
 * one leaves the others out. What a pack is made with and what it is used with must be the same, so that apt asks for
 * the same files.
 *
 * @param {{ proxy: string, authority: string, sources: string, lists: string }} paths
 */
export function aptSettings({ proxy, authority, sources, lists }) {
  const settings = {
    "Dir::Etc::main": "/dev/null",
    "Dir::Etc::parts": "/dev/null",
    "Dir::Etc::SourceList": sources,
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State::Lists": lists,
    "Acquire::http::Proxy": proxy,
    "Acquire::https::Proxy": proxy,
    "Acquire::https::CAInfo": authority,
    "Acquire::Languages": "none",
    // Debian's lists expire after a week. A pack does not: its hashes are checked when it is unpacked, and Debian's
    // signatures when apt reads it.
    "Acquire::Check-Date": "false",
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name} "${value}";\n`)
    .join("")
}
