import type { HostPrompts } from '../../core/ports.ts'

/** How a gateway without a desktop shows that a call waits: on its own terminal, when it has one. */
export function terminalPrompts(terminal: NodeJS.WriteStream): () => HostPrompts {
  return () =>
    terminal.isTTY
      ? { how: 'the terminal that runs `toolgate serve`', problem: null }
      : {
          how: null,
          problem:
            'this gateway has no window and no terminal: keep the app open (`toolgate open`) or `toolgate approvals watch` running',
        }
}
