import { startDesktop } from './desktop.ts'

// Not awaited: Electron holds back `ready`, which this waits for, until this file has run to its end.
void startDesktop(process.argv.slice(1))
