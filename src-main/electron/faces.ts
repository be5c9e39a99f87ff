import { join } from 'node:path'
import { type Session, session } from 'electron'
import type { PageDoor } from '../../shared/calls.ts'
import type { Core } from '../core/core.ts'
import type { Log, Notification, Paths } from '../core/ports.ts'
import type { PageFiles } from '../host/built-pages.ts'
import { packageFolder } from '../host/version.ts'
import { createAppWindow } from './app-window.ts'
import { createApprovalWindow } from './approval-window.ts'
import { hearPages } from './ipc.ts'
import { setMenu } from './menu.ts'
import { systemNotifier } from './notifications.ts'
import { pageLines } from './page-lines.ts'
import type { PageHost } from './page-view.ts'
import { openUrl } from './ports/open-url.ts'
import type { DesktopPrompts } from './ports/prompts.ts'
import { servePage } from './protocol.ts'
import { hardenSession } from './security.ts'
import { createTray } from './tray.ts'
import type { TrayAction } from './tray-model.ts'
import { type Guarded, watchGuard } from './watch-guard.ts'

/** What a person sees of the gateway on this desktop. */
export type Faces = {
  openApp: () => void
  openApprovals: (at: string) => void
  notify: (notification: Notification) => void
  /** Ends every window and its session, and the tray. */
  destroy: () => void
}

type FacesDeps = {
  core: Core
  files: Record<PageDoor, PageFiles>
  log: Log
  paths: Paths
  prompts: DesktopPrompts
  quit: () => void
}

/** Where on the approval page everything is resumed. */
const resumePlace = '/resume'

/** Makes windows, tray and notifications for a running core. */
export function createFaces({ core, files, log, paths, prompts, quit }: FacesDeps): Faces {
  const assets = join(packageFolder(), 'assets')
  const icon = join(assets, 'icon', '256.png')
  setMenu(process.platform)
  const lines = pageLines(core.pages, log)
  hearPages(lines.receive)
  const host: PageHost = {
    sessions: pageSessions(files, log),
    ...{ lines, icon, log },
    preload: join(packageFolder(), 'out', 'electron', 'preload.cjs'),
    openUrl: (url) => void openUrl(url).catch((error) => log.warn('a link was not opened', { error: String(error) })),
  }
  const app = createAppWindow(host, join(paths.profile, 'desktop', 'window.json'))
  const approvals = createApprovalWindow(host)
  const notifier = systemNotifier({ approval: () => approvals.open(), warning: app.show }, icon, log, prompts.notified)
  const actions: Record<TrayAction, () => void> = {
    open: app.show,
    approvals: () => approvals.open(),
    stop: () => watch.stop('from the tray'),
    resume: () => approvals.open(resumePlace),
    quit,
  }
  const tray = createTray(join(assets, 'tray'), (action) => actions[action](), log)
  let known: readonly string[] = []
  const onState = (state: Guarded) => {
    tray?.show(state)
    if (state.ids.some((id) => !known.includes(id))) approvals.summon()
    if (state.waiting === 0 && known.length > 0) {
      approvals.settle()
      notifier.settle()
    }
    known = state.ids
  }
  prompts.onLock((locked) => {
    approvals.lock(locked)
    // What came meanwhile is brought before the person.
    if (!locked && known.length > 0) approvals.summon()
  })
  const watch = watchGuard(core.pages, onState, log)

  return {
    openApp: app.show,
    openApprovals: approvals.open,
    notify: notifier.notify,
    destroy() {
      watch.end()
      notifier.settle()
      tray?.destroy()
      approvals.destroy()
      app.destroy()
    },
  }
}

/** One session for each door, so that the two pages share neither process nor storage; the approval page leaves nothing behind. */
function pageSessions(files: Record<PageDoor, PageFiles>, log: Log): Record<PageDoor, Session> {
  const sessions = { app: session.fromPartition('persist:app'), approval: session.fromPartition('approval') }
  for (const door of ['app', 'approval'] as const) {
    hardenSession(sessions[door], door, log)
    servePage(sessions[door], door, files[door])
  }
  return sessions
}
