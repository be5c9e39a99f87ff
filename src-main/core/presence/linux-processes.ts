import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { governedMark } from '../upstream/server-environment.ts'
import type { Marking, ProcessFacts, ProcessTable } from './process-table.ts'

/** The process table of Linux, read from /proc; see proc_pid_stat(5) and proc_pid_environ(5). */
export const linuxProcesses: ProcessTable = {
  read: async (pid) => readFacts(pid),
  marking: async (pid) => readMarking(pid),
  readsTerminal: async (facts) => readsTerminal(facts),
  shareInput: async (one, other) => inputOf(one) !== null && inputOf(one) === inputOf(other),
  holdsOpen: async (pid, file) => holdsOpen(pid, file),
}

function readFacts(pid: number): ProcessFacts | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name stands in parentheses and may itself hold any character, so everything else is counted from the last one.
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // Ended, and only waiting for its parent to notice.
    if (words[0] === 'Z' || words[0] === 'X') return null
    const fields = words.map(Number)
    const [, parent, group, session, terminal, foregroundGroup] = fields as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const users = /^Uid:\s+(\d+)\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    const started = fields[19]
    if (started === undefined || !users) return null
    return {
      pid,
      parent,
      started,
      users: [Number(users[1]), Number(users[2])],
      session,
      terminal: terminal === 0 ? null : String(terminal),
      foreground: group === foregroundGroup,
      name,
    }
  } catch {
    return null
  }
}

function readMarking(pid: number): Marking {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
    return environment.split('\0').some((entry) => entry.startsWith(`${governedMark}=`)) ? 'marked' : 'clear'
  } catch {
    return belongsToSomeoneElse(pid) ? 'foreign' : 'unreadable'
  }
}

function belongsToSomeoneElse(pid: number): boolean {
  try {
    return lstatSync(`/proc/${pid}/environ`).uid !== process.getuid?.()
  } catch {
    return false
  }
}

function readsTerminal(facts: ProcessFacts): boolean {
  if (facts.terminal === null) return false
  try {
    const input = statSync(`/proc/${facts.pid}/fd/0`)
    if (!input.isCharacterDevice()) return false
    const [major, minor] = deviceNumbers(input.rdev)
    // 5:0 is /dev/tty, the name every process may use for its own controlling terminal.
    if (major === 5 && minor === 0) return true
    const [terminalMajor, terminalMinor] = terminalNumbers(Number(facts.terminal))
    return major === terminalMajor && minor === terminalMinor
  } catch {
    return false
  }
}

function inputOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/fd/0`)
  } catch {
    return null
  }
}

/** Splits what stat(2) calls rdev, as makedev(3) of Linux joins it. */
function deviceNumbers(rdev: number): [major: number, minor: number] {
  return [(rdev >> 8) & 0xfff, (rdev & 0xff) | ((rdev >> 12) & 0xfff00)]
}

/** Splits tty_nr of proc_pid_stat(5): minor in bits 31–20 and 7–0, major in bits 15–8. */
function terminalNumbers(terminal: number): [major: number, minor: number] {
  return [(terminal >> 8) & 0xff, (terminal & 0xff) | ((terminal >>> 20) << 8)]
}

function holdsOpen(pid: number, file: string): boolean {
  try {
    const wanted = lstatSync(file)
    if (!wanted.isFile() || wanted.nlink !== 1) return false
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const link = `/proc/${pid}/fd/${fd}`
      try {
        if (readlinkSync(link) !== file) return false
        const held = statSync(link)
        return held.dev === wanted.dev && held.ino === wanted.ino
      } catch {
        // This descriptor was closed while we looked; the others still count.
        return false
      }
    })
  } catch {
    return false
  }
}
