// A client that asks a hook: runs a line in a shell, says to it what it was told itself, and ends as that does.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const stdio = ['pipe', 'inherit', 'inherit']
const { status } = spawnSync('/bin/sh', ['-c', process.argv[2] ?? ''], { stdio, input: readFileSync(0) })
process.exit(status ?? 1)
