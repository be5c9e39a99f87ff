import { amazonQ } from './known/amazon-q.ts'
import { antigravity } from './known/antigravity.ts'
import { claudeCode } from './known/claude-code.ts'
import { claudeDesktop } from './known/claude-desktop.ts'
import { cline } from './known/cline.ts'
import { codex } from './known/codex.ts'
import { continueDev } from './known/continue.ts'
import { copilotCli } from './known/copilot-cli.ts'
import { cursor } from './known/cursor.ts'
import { geminiCli } from './known/gemini-cli.ts'
import { goose } from './known/goose.ts'
import { junie } from './known/junie.ts'
import { kiro } from './known/kiro.ts'
import { lmStudio } from './known/lm-studio.ts'
import { opencode } from './known/opencode.ts'
import { rooCode } from './known/roo-code.ts'
import { vscode, vscodeInsiders, vscodium } from './known/vscode.ts'
import { warp } from './known/warp.ts'
import { windsurf } from './known/windsurf.ts'
import { zed } from './known/zed.ts'
import type { KnownClient } from './known-client.ts'

/** Every client whose configuration Toolgate reads and changes, by name. A new one is a file in `known/` and a line here. */
export const knownClients: readonly KnownClient[] = [
  ...[amazonQ, antigravity, claudeCode, claudeDesktop, cline, codex, continueDev, copilotCli, cursor, geminiCli, goose],
  ...[junie, kiro, lmStudio, opencode, rooCode, vscode, vscodeInsiders, vscodium, warp, windsurf, zed],
]
