import { readFiles, type TextFile } from './source.ts'

const folders = /^(shared|src-main|src-renderer|test|scripts|bench|bin|docs|assets)\//

/** Every document of the repository that people read. */
export function documents(): TextFile[] {
  return [...readFiles('.', /^[A-Z-]+\.md$/), ...readFiles('docs', /\.md$/)]
}

/** Texts in backticks outside of fenced blocks. */
function codeSpans(markdown: string): string[] {
  const prose = markdown.replace(/^ *```[\s\S]*?^ *```/gm, '')
  return [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')
}

/** Code spans that name a file or folder of this repository: by its ending, a slash at its end, or its first folder. */
export function namedPaths(markdown: string): string[] {
  return codeSpans(markdown).filter(
    (span) =>
      /^[\w.][\w./-]*$/.test(span) &&
      (/\w(\.(tsx?|mjs|md|json|ya?ml|svg|css|html)|\/)$/.test(span) || folders.test(span)),
  )
}

/** Relative targets of Markdown links and of images. */
export function linkTargets(markdown: string): string[] {
  const links = [...markdown.matchAll(/\]\(([^)\s]+)\)/g), ...markdown.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)]
  return links.map((match) => (match[1] ?? '').split('#')[0] ?? '').filter((to) => to !== '' && !/^[a-z]+:/.test(to))
}

/** Rule files shown as examples in fenced blocks. */
export function ruleFiles(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '')
  return blocks.filter((text) => /^version: v1$/m.test(text))
}

/** Names of npm scripts that a text tells people to run. */
export function npmScripts(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map((match) => match[1] ?? match[2] ?? '')
}

/** Words after `toolgate` in code, up to the first that is no plain word: `servers approve`. */
export function toolgateCommands(text: string): string[] {
  const code = [...text.matchAll(/`([^`\n]+)`/g), ...text.matchAll(/^ *(?:\$ )?((?:npx )?toolgate .*)$/gm)]
  return code.flatMap((match) =>
    [...(match[1] ?? '').matchAll(/(?:^|npx )toolgate ((?:[a-z][a-z-]*(?: |$))+)/g)].map((it) => it[1]?.trim() ?? ''),
  )
}
