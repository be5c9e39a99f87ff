import { type ConfigDocument, type ConfigFormat, UnreadableConfig } from './document.ts'
import { openJson } from './json.ts'
import { openToml } from './toml.ts'
import { openYaml } from './yaml.ts'

const openers = { json: openJson, toml: openToml, yaml: openYaml } satisfies Record<
  ConfigFormat,
  (text: string) => ConfigDocument
>

/** Far more than any client's configuration, and little enough to be read at once. */
const maxBytes = 16 * 1024 * 1024

/** A file's text and whether a byte order mark stood before it. */
export type ConfigText = { text: string; mark: boolean }

/** Reads the bytes of a configuration file. Throws `UnreadableConfig` for what is no UTF-8 or too long. */
export function decodeConfig(bytes: Uint8Array): ConfigText {
  if (bytes.length > maxBytes) throw new UnreadableConfig('the file is longer than 16 MiB')
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.startsWith('\uFEFF') ? { text: text.slice(1), mark: true } : { text, mark: false }
  } catch {
    throw new UnreadableConfig('the file is not UTF-8')
  }
}

/** The bytes of a configuration file. */
export function encodeConfig({ text, mark }: ConfigText): Buffer {
  return Buffer.from(mark ? `\uFEFF${text}` : text)
}

/** Opens the text of a configuration file. Throws `UnreadableConfig`, with the place where it stops making sense. */
export function openDocument(format: ConfigFormat, text: string): ConfigDocument {
  return openers[format](text)
}
