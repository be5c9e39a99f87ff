/** What the system says about one process. */
export type ProcessFacts = {
  pid: number
  /** 0 when there is none: the first process, or one placed into a container from outside. */
  parent: number
  /** When it started; only comparable with other values of the same table. */
  started: number
  /** Real and effective user. */
  users: readonly number[]
  /** Pid of the leader of its session. */
  session: number
  /** Its controlling terminal, as the system names it; null when it has none. */
  terminal: string | null
  /** Whether it is what its terminal currently talks to. */
  foreground: boolean
  /** Short name of its program, as the process chose it: untrusted. */
  name: string
}

/** `foreign`: belongs to another user or to a privileged program, which hides its environment from us. */
export type Marking = 'marked' | 'clear' | 'foreign' | 'unreadable'

/** The few things that presence asks the system about other processes. Nothing here throws for a process that is gone. */
export type ProcessTable = {
  /** Null when the process is gone or may not be looked at. */
  read: (pid: number) => Promise<ProcessFacts | null>
  /** Whether the environment the process was started with carries the mark of a governed process. */
  marking: (pid: number) => Promise<Marking>
  /** Whether its standard input is its controlling terminal. */
  readsTerminal: (facts: ProcessFacts) => Promise<boolean>
  /** Whether two processes have the very same standard input, as a program has with the one that it replaced itself by. */
  shareInput: (one: number, other: number) => Promise<boolean>
  /** Whether it holds this file open; `file` is a real path. */
  holdsOpen: (pid: number, file: string) => Promise<boolean>
}
