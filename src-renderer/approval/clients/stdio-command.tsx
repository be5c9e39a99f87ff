import { CodeBlock } from '../../ui/code-block.tsx'
import { issueCommand } from './client-texts.ts'

/**
 * The command that makes a stdio entry and prints what goes into the client's configuration: paths of programs are known
 * where they are installed, and never guessed by a page.
 */
export function StdioCommand({ name, server }: { name: string; server: string }) {
  return (
    <section aria-label="What to do" className="flex flex-col gap-1">
      <p className="text-muted">
        Run this in a terminal. It makes the entry and prints what goes into the client’s configuration:
      </p>
      <CodeBlock label="command" text={issueCommand(name, server)} />
    </section>
  )
}
