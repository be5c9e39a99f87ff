import { z } from 'zod'
import type { Log, Secrets } from '../core/ports.ts'

/** The file in the profile folder. */
const portsFile = 'ports.json'

const Port = z.int().min(1).max(65_535)
const Ports = z.strictObject({ mcp: Port.optional(), app: Port.optional(), approval: Port.optional() })

/** Where a profile's gateway was last reached: clients and bookmarks name these ports, so it takes the same ones again. */
export type RememberedPorts = {
  /** Absent: none was taken yet, or the file is damaged or could be written by others. */
  get: () => z.infer<typeof Ports>
  /** Writes down those given, and leaves the others as they were; all or nothing. */
  set: (ports: z.infer<typeof Ports>) => void
}

/** The ports of a profile; `profile` keeps small files of its folder, for this user alone. */
export function rememberedPorts(profile: Secrets): RememberedPorts {
  const get = () => {
    try {
      return Ports.parse(JSON.parse(profile.get(portsFile)?.toString('utf8') ?? '{}'))
    } catch {
      // Nothing is lost: other ports are taken and written down.
      return {}
    }
  }
  return {
    get,
    set(ports) {
      const before = get()
      const after = { ...before, ...ports }
      if (JSON.stringify(after) !== JSON.stringify(before))
        profile.set(portsFile, Buffer.from(`${JSON.stringify(after)}\n`))
    },
  }
}

/** Writes down where the HTTP door opened, since clients' configurations name it; a failure is only told to `log`. */
export function rememberHttpPort(port: number | null, ports: RememberedPorts, log: Log): void {
  try {
    if (port !== null) ports.set({ mcp: port })
  } catch (error) {
    log.error('the port of the HTTP door could not be written down', { error: String(error) })
  }
}
